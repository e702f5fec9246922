# A push gateway in miniature, for Python 3 without any package. Events wait in an outbox until pushledger has
# stored them: a batch is sent again after a 429, 502, 503 or 504, an answer that is not pushledger's, or no
# answer. Sending a batch twice changes nothing, because every event carries its time. What cannot be sent when
# the gateway ends, or finds no room in the outbox, goes to a file: pushledger import unsent.ndjson
import datetime
import email.utils
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

URL = os.environ.get("PUSHLEDGER_URL", "http://127.0.0.1:8787")
HEADERS = {"Authorization": f"Bearer {os.environ['PUSHLEDGER_TOKEN']}"}
UNSENT_FILE = "unsent.ndjson"
OUTBOX_MAX = 100_000
FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 60
PASSING = (0, 200, 429, 502, 503, 504)

outbox = []
batch_max = 1000
failures = 0
stop = threading.Event()
for each in (signal.SIGTERM, signal.SIGINT):
    signal.signal(each, lambda *_: stop.set())


def set_aside(lines):
    global failures
    if lines:
        with open(UNSENT_FILE, "a", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
        print(f"{len(lines)} events were not sent: pushledger import {UNSENT_FILE}", file=sys.stderr)
        failures += 1


def tell(events):
    lines = [json.dumps(event) for event in events]
    room = OUTBOX_MAX - len(outbox)
    outbox.extend(lines[:room])
    set_aside(lines[room:])


def post(body):
    """The status, 0 for no answer, with the headers and the text."""
    request = urllib.request.Request(f"{URL}/v1/events", body.encode(), HEADERS)
    try:
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, {}, str(error)


def summary_of(text):
    """What pushledger says of a batch; None where something else answered, like a proxy's page."""
    try:
        summary = json.loads(text)
    except ValueError:
        return None
    return summary if isinstance(summary, dict) and "errors" in summary else None


def wait_seconds(retry_after, tries):
    """Retry-After is a number of seconds, or a date."""
    growing = min(FIRST_WAIT_SECONDS * 2 ** min(tries, 30), LONGEST_WAIT_SECONDS)
    growing *= random.uniform(0.75, 1.25)
    try:
        return max(growing, float(retry_after or 0))
    except ValueError:
        pass
    try:
        return max(growing, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return growing


class NotSent(Exception):
    """Sending again would not help, or the gateway is to stop."""


def send(lines):
    """Sends one batch until it is answered; None where it is too large."""
    tries = 0
    while True:
        status, headers, text = post("\n".join(lines))
        summary = summary_of(text)
        if summary is not None:
            return summary
        if status == 413 and len(lines) > 1:
            return None
        if status not in PASSING:
            raise NotSent(f"pushledger answers {status}: {text[:200]}")
        seconds = wait_seconds(headers.get("Retry-After"), tries)
        print(f"no answer yet ({status or text}): again in {seconds:.1f} s", file=sys.stderr)
        if stop.wait(seconds):
            raise NotSent("stopped")
        tries += 1


def flush():
    global batch_max, failures
    while outbox:
        lines = outbox[:batch_max]
        summary = send(lines)
        if summary is None:
            # Larger than the server's --body-bytes-max.
            batch_max = (len(lines) + 1) // 2
            continue
        del outbox[: len(lines)]
        print(json.dumps(summary))
        for error in summary["errors"]:
            print(f"line {error['line']} was refused ({error['code']}): {error['message']}", file=sys.stderr)
            failures += 1


push = {
    "msg_id": 18101211308815829,
    "platform": "android",
    "time": datetime.datetime.now(datetime.timezone.utc).isoformat(),
}
tell(
    [
        {**push, "type": "target", "registration_ids": ["phone-1", "phone-2", "phone-3"]},
        {**push, "type": "sent", "channel": "hw", "registration_id": "phone-3"},
        {**push, "type": "received", "channel": "hw", "registration_id": "phone-3"},
    ]
)

try:
    flush()
except NotSent as error:
    print(error, file=sys.stderr)
finally:
    set_aside(outbox)
sys.exit(1 if failures else 0)
