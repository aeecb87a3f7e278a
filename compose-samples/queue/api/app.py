"""Accepts texts to be counted by the workers, and returns their results."""

import os
import uuid

import redis
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
store = redis.Redis(host=os.environ["REDIS_HOST"], decode_responses=True)


class Job(BaseModel):
    text: str


@app.post("/jobs")
def submit(job: Job):
    number = uuid.uuid4().hex
    store.rpush("jobs", f"{number} {job.text}")
    return {"id": number}


@app.get("/jobs/{number}")
def result(number: str):
    """Waits for the result for up to five seconds."""
    found = store.blpop(f"result:{number}", timeout=5)
    if found is None:
        raise HTTPException(404, "no result")
    store.rpush(f"result:{number}", found[1])
    return {"words": int(found[1])}


@app.get("/health")
def health():
    store.ping()
    return "ok"
