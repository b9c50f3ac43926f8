"""Text messages, through a gateway that takes JSON."""

import json
import logging
import urllib.request

SMS_TIMEOUT_SECONDS = 12

log = logging.getLogger("rondo.notify")


class SmsGateway:
    def __init__(self, url: str | None) -> None:
        self._url = url

    def send(self, tracking_code: str, text: str) -> None:
        """Sends a message; without a gateway it is only logged."""
        if self._url is None:
            log.info("%s: %s", tracking_code, text)
            return
        request = urllib.request.Request(
            self._url,
            data=json.dumps({"reference": tracking_code, "text": text}).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=SMS_TIMEOUT_SECONDS) as response:
            if response.status >= 300:
                raise RuntimeError(f"the gateway answered {response.status}")
