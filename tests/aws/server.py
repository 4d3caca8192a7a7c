"""Puts `estate.py` behind HTTP on this machine, for the real AWS CLI (AWS_ENDPOINT_URL): AWS Config
in the JSON protocol, STS and EC2 in the query protocols, S3 as REST. Prints its port, and ends when
its standard input does."""

import http.server
import json
import os
import re
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import estate

NAMESPACES = {"sts": "https://sts.amazonaws.com/doc/2011-06-15/", "ec2": "http://ec2.amazonaws.com/doc/2016-11-15/"}


def xml(name, value):
    if isinstance(value, dict):
        value = "".join(xml(key, inner) for key, inner in value.items())
    elif isinstance(value, list):
        return "".join(xml(name, inner) for inner in value)
    else:
        value = escape(str(value))
    return f"<{name}>{value}</{name}>"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()

    def region(self):
        # AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request
        return re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", self.headers["Authorization"]).groups()

    def send(self, status, kind, body, more=()):
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *more):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        region, service = self.region()
        with self.lock:
            if service == "config":
                self.config(region, body)
            else:
                self.query(service, region, urllib.parse.parse_qs(body.decode()))

    def config(self, region, body):
        operation = self.headers["X-Amz-Target"].removeprefix("StarlingDoveService.")
        kind = "application/x-amz-json-1.1"
        try:
            answer = estate.answer("config", operation, region, json.loads(body))
        except estate.AwsError as error:
            refused = {"__type": error.code, "message": error.message}
            self.send(400, kind, json.dumps(refused).encode())
            return
        self.send(200, kind, json.dumps(answer).encode())

    def query(self, service, region, form):
        operation = form["Action"][0]
        answer = estate.answer(service, operation, region, {})
        if service == "sts":
            answer = {f"{operation}Result": answer}
        else:
            answer = {"regionInfo": {"item": [{"regionName": r["RegionName"]} for r in answer["Regions"]]}}
        text = xml(f"{operation}Response", answer).replace(">", f' xmlns="{NAMESPACES[service]}">', 1)
        self.send(200, "text/xml", text.encode())

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        region, _ = self.region()
        path, _, query = self.path.partition("?")
        form = urllib.parse.parse_qs(query)
        with self.lock:
            if "list-type" in form:
                answer = estate.answer("s3", "ListObjectsV2", region, {"Prefix": form["prefix"][0]})
                rows = [{"Key": c["Key"], "LastModified": c["LastModified"], "Size": 1} for c in answer["Contents"]]
                text = xml("ListBucketResult", {"Name": "config-bucket", "IsTruncated": "false", "Contents": rows})
                self.send(200, "application/xml", text.encode())
            else:
                body = estate.answer("s3", "GetObject", region, {"Key": path})
                self.send(200, "binary/octet-stream", body, [("ETag", '"e"'), ("Last-Modified", "Wed, 09 Sep 2026 02:00:00 GMT")])

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
