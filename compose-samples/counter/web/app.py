"""Counts its visitors in Redis."""

import os

import redis
from flask import Flask

app = Flask(__name__)
visits = redis.Redis(host=os.environ["REDIS_HOST"])


@app.get("/")
def count():
    return f"Visit number {visits.incr('visits')}\n"


@app.get("/health")
def health():
    visits.ping()
    return "ok\n"
