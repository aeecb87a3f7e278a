"""Keeps notes in PostgreSQL."""

import os
import pathlib

import psycopg2
from flask import Flask, jsonify, request

app = Flask(__name__)
password = pathlib.Path("/run/secrets/password").read_text().strip()


def connection():
    return psycopg2.connect(os.environ["DATABASE"], password=password)


with connection() as database, database.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS notes (id SERIAL PRIMARY KEY, text TEXT NOT NULL)")


@app.get("/")
def notes():
    with connection() as database, database.cursor() as cursor:
        cursor.execute("SELECT text FROM notes ORDER BY id")
        return jsonify([text for (text,) in cursor])


@app.post("/")
def add():
    with connection() as database, database.cursor() as cursor:
        cursor.execute("INSERT INTO notes (text) VALUES (%s)", (request.json["text"],))
    return "", 201
