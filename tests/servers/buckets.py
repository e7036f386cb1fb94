"""Servers of buckets: moto and SeaweedFS (S3), Azurite (Azure), and moto again, in Google's dialect."""

import contextlib
import json
import shutil
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from servers.processes import HOST, Place, answers, free_port, running, unavailable
from servers.proxy import Faults, between

ROOT = Path(__file__).resolve().parents[2]
AZURITE = ROOT / ".venv" / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
BUCKET = "plainview"
# What every installation of Azurite accepts, from its documentation.
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
S3_KEYS = {"AWS_ACCESS_KEY_ID": "canary-key-id", "AWS_SECRET_ACCESS_KEY": "canary-secret", "AWS_REGION": "us-east-1"}


@contextlib.contextmanager
def moto(folder: Path) -> Iterator[Place]:
    """S3 in memory; every credential is accepted."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", port]
    with running("moto", command, ready=lambda: answers(port), log=folder / "moto.log"):
        yield _s3("moto", port)


@contextlib.contextmanager
def seaweedfs(folder: Path) -> Iterator[Place]:
    """S3 on disk, with credentials that are checked."""
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    grpc = {name: free_port() for name in ports}
    keys = {"accessKey": S3_KEYS["AWS_ACCESS_KEY_ID"], "secretKey": S3_KEYS["AWS_SECRET_ACCESS_KEY"]}
    identity = {"name": "tests", "credentials": [keys], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    command = [_found("weed"), "-logtostderr=true", "server", f"-dir={folder}", f"-ip={HOST}", f"-ip.bind={HOST}"]
    command += [f"-{name}.port={port}" for name, port in ports.items()]
    command += [f"-{name}.port.grpc={port}" for name, port in grpc.items()]
    command += ["-filer", "-s3", f"-s3.config={folder / 's3.json'}", "-master.telemetry=false", "-volume.max=20"]
    command += ["-master.volumeSizeLimitMB=256", "-s3.iam=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    with running("SeaweedFS", command, ready=lambda: answers(ports["s3"]), log=folder / "seaweedfs.log"):
        yield _s3("seaweedfs", ports["s3"])


@contextlib.contextmanager
def azurite(folder: Path) -> Iterator[Place]:
    """Azure Blob Storage; the account and key that its documentation names."""
    node, port = _found("node"), free_port()
    if not AZURITE.exists():
        unavailable("Azurite", "run: npm install --prefix .venv/azurite azurite")
    command = [
        node,
        AZURITE,
        "--blobHost",
        HOST,
        "--blobPort",
        port,
        "--location",
        folder,
        "--silent",
        "--skipApiVersionCheck",
    ]
    endpoint = f"http://{HOST}:{port}/{AZURE_ACCOUNT}"
    environment = {
        "AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
        "AZURE_STORAGE_ENDPOINT": endpoint,
    }
    with running("Azurite", command, ready=lambda: answers(port), log=folder / "azurite.log"):
        _make_container(environment)
        yield Place("azurite", f"az://{BUCKET}/", environment, endpoint)


@contextlib.contextmanager
def google(folder: Path) -> Iterator[Place]:
    """Google's XML interface, which is that of S3 but for two headers: no emulator in the registries speaks it."""
    signed = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    faults = Faults(
        ignored=("authorization",),
        renamed={"x-goog-if-generation-match": "If-None-Match: *"},
        added=(f"Authorization: {signed}",),
    )
    with moto(folder) as place, between(place, faults) as (behind, _):
        yield Place("google", f"gs://{BUCKET}/", {"STORAGE_EMULATOR_HOST": behind.endpoint}, behind.endpoint)


SERVERS: dict[str, Callable[[Path], contextlib.AbstractContextManager[Place]]] = {
    "moto": moto,
    "seaweedfs": seaweedfs,
    "azurite": azurite,
    "google": google,
}


def _s3(kind: str, port: int) -> Place:
    endpoint = f"http://{HOST}:{port}"
    _make_bucket(endpoint)
    return Place(kind, f"s3://{BUCKET}/", {**S3_KEYS, "AWS_ENDPOINT_URL": endpoint}, endpoint)


def _make_bucket(endpoint: str) -> None:
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=S3_KEYS["AWS_REGION"],
        aws_access_key_id=S3_KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=S3_KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"max_attempts": 10}, s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()


def _make_container(environment: dict[str, str]) -> None:
    """Azure's own "create container", signed by hand: no library for that is needed elsewhere."""
    import base64
    import email.utils
    import hashlib
    import hmac

    when, account = email.utils.formatdate(usegmt=True), environment["AZURE_STORAGE_ACCOUNT_NAME"]
    path = f"/{account}/{BUCKET}"
    text = "PUT" + "\n" * 12 + f"x-ms-date:{when}\nx-ms-version:2021-12-02\n/{account}{path}\nrestype:container"
    key = base64.b64decode(environment["AZURE_STORAGE_ACCOUNT_KEY"])
    signature = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
    address = f"{environment['AZURE_STORAGE_ENDPOINT']}/{BUCKET}?restype=container"
    headers = {"x-ms-date": when, "x-ms-version": "2021-12-02", "Authorization": f"SharedKey {account}:{signature}"}
    urllib.request.urlopen(urllib.request.Request(address, method="PUT", headers={**headers, "Content-Length": "0"}))


def _found(program: str) -> str:
    beside = Path(sys.executable).parent / program
    path = str(beside) if beside.exists() else shutil.which(program)
    return path or unavailable(program, "it is not installed; see tests/README.md")
