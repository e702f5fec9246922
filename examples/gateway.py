# A push gateway in miniature, for Python 3 without any package: tells pushledger what happened to a
# push, and tells it again until it is answered. Telling twice changes nothing.
import datetime
import json
import os
import sys
import time
import urllib.error
import urllib.request

URL = os.environ.get("PUSHLEDGER_URL", "http://127.0.0.1:8787")
TOKEN = os.environ["PUSHLEDGER_TOKEN"]
MSG_ID = 18101211308815829


def tell(events):
    body = "\n".join(json.dumps(event) for event in events).encode()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    wait_seconds = 1
    while True:
        try:
            request = urllib.request.Request(f"{URL}/v1/events", body, headers)
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return json.load(error)
        except OSError:
            pass  # the server is being restarted
        time.sleep(wait_seconds)
        wait_seconds = min(wait_seconds * 2, 60)


now = datetime.datetime.now(datetime.timezone.utc).isoformat()
push = {"msg_id": MSG_ID, "platform": "android", "time": now}

summary = tell(
    [
        {**push, "type": "target", "registration_ids": ["phone-1", "phone-2", "phone-3"]},
        {**push, "type": "sent", "channel": "hw", "registration_id": "phone-3"},
        {**push, "type": "received", "channel": "hw", "registration_id": "phone-3"},
    ]
)

print(json.dumps(summary))
sys.exit(1 if summary.get("refused") or "error" in summary else 0)
