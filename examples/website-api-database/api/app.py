"""The API: reads planets from PostgreSQL, and adds to them."""

import os
import signal
import sys

import psycopg2
from flask import Flask, jsonify, render_template_string, request

# The kernel delivers only the signals that PID 1 handles.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))

app = Flask(__name__)

TABLE = """
<table>
    <tr><th>Name</th><th>Moons</th></tr>
    {% for name, moons in planets %}<tr><td>{{ name }}</td><td>{{ moons }}</td></tr>
    {% endfor %}
</table>
"""


def query(statement, *values):
    """The rows that `statement` gives; a connection each is plenty for an example."""
    connection = psycopg2.connect(
        host=os.environ["DATABASE_HOST"],
        user=os.environ["DATABASE_USER"],
        password=os.environ["DATABASE_PASSWORD"],
        dbname=os.environ["DATABASE_NAME"],
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
    finally:
        connection.close()


def planets():
    return query("SELECT name, moons FROM planets ORDER BY id")


@app.get("/planets")
def list_planets():
    return jsonify([{"name": name, "moons": moons} for name, moons in planets()])


@app.get("/planets.html")
def list_planets_as_html():
    return render_template_string(TABLE, planets=planets())


@app.post("/planets")
def add_planet():
    planet = request.get_json()
    query(
        "INSERT INTO planets (name, moons) VALUES (%s, %s) RETURNING id",
        planet["name"],
        planet["moons"],
    )
    return jsonify(planet), 201


@app.get("/health")
def health():
    query("SELECT 1")
    return "ok"
