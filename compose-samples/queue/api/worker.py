"""Counts the words of queued texts."""

import os

import redis

store = redis.Redis(host=os.environ["REDIS_HOST"], decode_responses=True)
while True:
    _, job = store.blpop("jobs")
    number, _, text = job.partition(" ")
    store.rpush(f"result:{number}", len(text.split()))
