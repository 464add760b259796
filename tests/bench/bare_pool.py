"""Bare pool of `requests` sessions that gets a token and a ticket of each account: what no refresher can beat.

python -m tests.bench.bare_pool BASE_URL ACCOUNTS THREADS
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import local

import requests

from tests.bench.load import sandbox_account

_sessions = local()


def fetch(base_url: str, number: int) -> str:
    if not hasattr(_sessions, "session"):
        _sessions.session = requests.Session()
        _sessions.session.trust_env = False
    session: requests.Session = _sessions.session
    account = sandbox_account(number)
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    token = session.post(f"{base_url}/cgi-bin/stable_token", json=body, timeout=30).json()["access_token"]
    query = {"access_token": token, "type": "jsapi"}
    ticket: str = session.get(f"{base_url}/cgi-bin/ticket/getticket", params=query, timeout=30).json()["ticket"]
    return ticket


if __name__ == "__main__":
    base_url, account_count, thread_count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with ThreadPoolExecutor(thread_count) as pool:
        tickets = list(pool.map(lambda number: fetch(base_url, number), range(1, account_count + 1)))
    assert all(tickets)
