"""What a bucket's server answered, said anew: its own words repeat addresses, headers and keys, so none is passed on."""

import errno
import re

from plainview.store.adapters.addresses import SECRETS, BucketAddress
from plainview.store.adapters.clouds import ENDPOINTS, host_of

_STATUS = re.compile(r"non-2xx status code: (\d{3})\b")
_CODE = re.compile(r"<Code>([A-Z][A-Za-z]{2,50})</Code>")
_REGION = re.compile(
    r"Received redirect without LOCATION|status code: 301\b|PermanentRedirect|AuthorizationHeaderMalformed"
)
_NO_CREDENTIALS = re.compile(
    r"169\.254\.|metadata\.google|fd00:ec2|token request|latest/api/token|OpenCredentials|WebIdentity"
)
_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|no bucket named|The specified bucket does not exist")
_NO_KEY = re.compile(r"EmptySegment|BadSegment|Path .* contained")
_REFUSED = {"PermissionDeniedError", "UnauthenticatedError"}
# What the library says where no answer came; the first that is found counts.
_SILENCES = (
    (re.compile(r"certificate|InvalidCertificate|UnknownIssuer|TlsAlert|InvalidContentType|CorruptMessage"), "tls"),
    (re.compile(r"dns error|failed to lookup"), "name"),
    (re.compile(r"Connection ?[Rr]efused|kind: Connect\b"), "refused"),
    (re.compile(r"TimedOut|timed out|deadline has elapsed"), "time"),
    (re.compile(r"HTTP error|hyper|reqwest|Connection ?[Rr]eset|IncompleteMessage|error decoding response"), "broken"),
)


def said_anew(error: Exception, address: BucketAddress) -> OSError:
    """The built-in error that tells what happened, in words of our own. ``error`` is not kept, not even as its cause."""
    text, kind = str(error), type(error).__name__
    place, where = f"{address.scheme}://{address.bucket}", _server(address.scheme)
    status = next((int(found) for found in _STATUS.findall(text)), 0)
    code = next(iter(_CODE.findall(text)), "")
    if _NO_KEY.search(text):
        return OSError(
            f"an object at {place} has an empty part in its name, such as a//b. Plainview made none: delete it"
        )
    if _NO_BUCKET.search(text):
        return FileNotFoundError(f"there is no {_form(address)} at {place}. Plainview makes none: create it first")
    if _REGION.search(text):
        return OSError(f"{place} is in another region. Set AWS_REGION to the region of the bucket")
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(f"it is not at {place}")
    if _NO_CREDENTIALS.search(text) or "MissingAccount" in text or "Account must be specified" in text:
        return PermissionError(f"no credentials for {address.scheme}:// were found. Set {SECRETS[address.scheme]}")
    if kind in _REFUSED or status in (401, 403):
        return PermissionError(_refused(place, where, code))
    return _unanswered(text, status, code, where) or OSError(_unknown(address, where, status, code))


def _unanswered(text: str, status: int, code: str, where: str) -> OSError | None:
    """Errors after which it is not known whether the work was done."""
    if status == 507:
        return OSError(errno.ENOSPC, "no space left")
    if status >= 500 or status in (408, 429):
        return ConnectionError(f"{where} answered {status}{_in_words(code)} to every attempt. Try again later")
    silence = "" if status else next((name for pattern, name in _SILENCES if pattern.search(text)), "")
    if silence == "time":
        return TimeoutError(f"{where} does not answer in time. Check the network, a proxy or firewall between")
    reasons = {
        "tls": f"the certificate of {where} is not trusted, or it speaks no TLS. Check the endpoint, and AWS_CA_BUNDLE",
        "name": f"there is no server called {where}. Check the endpoint and the network",
        "refused": f"{where} cannot be reached. Check the endpoint, and that the server runs",
        "broken": f"{where} broke off the connection. Try again; check a proxy or firewall between",
    }
    return ConnectionError(reasons[silence]) if silence else None


def unusable(address: BucketAddress) -> PermissionError:
    """Settings with which no connection can be made."""
    names = ", ".join(ENDPOINTS[address.scheme])
    return PermissionError(
        f"the credentials or the endpoint for {address.scheme}:// cannot be used. Set {SECRETS[address.scheme]}; "
        f"the endpoint comes from {names}"
    )


def _refused(place: str, where: str, code: str) -> str:
    return (
        f"{where} refused the credentials for {place}{_in_words(code)}. Check them, the rights they give, and the clock"
    )


def _unknown(address: BucketAddress, where: str, status: int, code: str) -> str:
    answered = f"{where} answered {status}{_in_words(code)}" if status else f"{where} cannot be used"
    return f"{answered}. Check the address {address.scheme}://{address.bucket} and the endpoint"


def _in_words(code: str) -> str:
    return f" ({code})" if code else ""


def _server(scheme: str) -> str:
    return host_of(scheme) or {"s3": "Amazon S3", "gs": "Google Cloud Storage", "az": "Azure Blob Storage"}[scheme]


def _form(address: BucketAddress) -> str:
    return "container" if address.scheme == "az" else "bucket"
