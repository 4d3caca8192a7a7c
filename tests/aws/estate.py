"""An organisation that does not exist, as the APIs of AWS know it: what each operation answers to
one request, page by page, in the wire's shapes. `aws` and `server.py` put it behind a command and
behind HTTP.

What goes wrong is set by the environment:
    STAND_IN            a folder: requests.log, and how often each request was made
    STAND_IN_THROTTLE   how many attempts of each request to AWS Config are throttled
    STAND_IN_DENY       requests whose text (service, operation, region, input) contains this are
                        denied
    STAND_IN_DISABLED   a region in which no credentials are known
    STAND_IN_ERROR      `9 ExpiredTokenException text`: so ends every request from the ninth on
    STAND_IN_SESSION    page tokens that another session gave have expired
    STAND_IN_FEW        few rules, and one pack
    STAND_IN_RULE       one more rule, of this name
    STAND_IN_EMPTY      operations that answer without members
"""

import base64
import json
import os
import re
import zlib

ACCOUNT = "111122223333"
MEMBER = "444455556666"
ENABLED = ["ap-northeast-2", "eu-west-1", "us-east-1"]
RECORDED = ["ap-northeast-2", "us-east-1"]
AGGREGATOR = "org"
# Seconds since the epoch, as on the wire: 2026-09-30T01:02:03.456Z and around.
INVOKED, RECORDED_AT, STARTED = 1790730123.456, 1790730124.012, 1767225600.0
# Each place judges its own resources, at a time of its own.
PLACES = {(ACCOUNT, "us-east-1"): 0, (ACCOUNT, "ap-northeast-2"): 1, (ACCOUNT, "eu-west-1"): 2, (MEMBER, "ap-northeast-2"): 3}
GROUP, VOLUME, USER, ACCOUNT_TYPE = (
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Volume",
    "AWS::IAM::User",
    "AWS::::Account",
)


def rule(name, identifier, kind, rows, failing, parameters="{}"):
    return {
        "name": name,
        "identifier": identifier,
        "kind": kind,
        "rows": rows,
        "failing": failing,
        "parameters": parameters,
    }


# AWS lets a rule have any name of 1 to 128 characters of which one is no space.
RULES = [
    rule("restricted-ssh", "INCOMING_SSH_DISABLED", GROUP, 230, 3),
    rule("iam-password-policy", "IAM_PASSWORD_POLICY", ACCOUNT_TYPE, 1, 0, '{"MinimumPasswordLength":"14"}'),
    rule("access-keys-rotated", "ACCESS_KEYS_ROTATED", USER, 12, 30, '{"maxAccessKeyAge":"90"}'),
    rule("ec2-ebs-encryption-by-default", "EC2_EBS_ENCRYPTION_BY_DEFAULT", ACCOUNT_TYPE, 0, 0),
    rule("Own", None, VOLUME, 2, 1),
    rule("own", None, VOLUME, 2, 0),
    rule("../../evil $(touch pwned) '", None, VOLUME, 1, 0),
    rule("`touch pwned`;\\ \"%s%n\" * ~ $HOME", None, VOLUME, 1, 1),
    rule("-x", None, VOLUME, 1, 0),
    rule("--page-size", None, VOLUME, 1, 0),
    rule("a/b", None, VOLUME, 1, 0),
    rule("  spaces around  ", None, VOLUME, 1, 0),
    rule("한글 규칙", None, VOLUME, 1, 0),
    rule("n" * 128, None, VOLUME, 1, 0),
]
# name: its id, and its rules. The second looks like a page of the first.
PACKS = {
    "kisms-baseline": ("conformance-pack-h7k2m9q4x", ["restricted-ssh", "access-keys-rotated", "encrypted-volumes"]),
    "kisms-baseline-0002": ("conformance-pack-0a1b2c3d4", ["own"]),
    "Ops": ("conformance-pack-zz9yy8xx7", []),
}


class AwsError(Exception):
    """An error as AWS answers it: its code and its message."""

    def __init__(self, code, message):
        super().__init__(code, message)
        self.code, self.message = code, message


def setting(name):
    return int(os.environ.get(name) or "0")


def rules():
    extra = os.environ.get("STAND_IN_RULE")
    few = slice(0, None, 4 if os.environ.get("STAND_IN_FEW") else None)
    return RULES[few] + ([rule(extra, None, VOLUME, 1, 0)] if extra else [])


def packs():
    return dict(list(PACKS.items())[: 1 if os.environ.get("STAND_IN_FEW") else None])


def known(name):
    for one in rules():
        if one["name"] == name:
            return one
    raise AwsError("NoSuchConfigRuleException", f"The ConfigRule '{name}' provided in the request is invalid.")


def place(region, account=ACCOUNT):
    return PLACES.get((account, region), len(PLACES))


def resource(kind, number, at):
    """Users are of the account, seen from every region alike."""
    if kind == ACCOUNT_TYPE:
        return MEMBER if at == PLACES[MEMBER, "ap-northeast-2"] else ACCOUNT
    own = 0 if kind == USER else at << 24
    return {GROUP: "sg-", VOLUME: "vol-", USER: "AIDA"}[kind] + f"{own + number:08x}"


def evaluation(name, kind, number, failing, at):
    row = {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": name,
                "ResourceType": kind,
                "ResourceId": resource(kind, number, at),
            },
            "OrderingTimestamp": INVOKED + 60 * at,
        },
        "ComplianceType": "NON_COMPLIANT" if failing else "COMPLIANT",
        "ResultRecordedTime": RECORDED_AT + 60 * at,
        "ConfigRuleInvokedTime": INVOKED + 60 * at,
    }
    if number == 1:
        # A text that looks like a key must not be taken for one.
        row["Annotation"] = 'It says "NextToken": "trap",\n    "NextToken": "trap",'
    return row


def evaluations(one, at):
    return [evaluation(one["name"], one["kind"], n, n < one["failing"], at) for n in range(one["rows"])]


def count(number):
    return {"CappedCount": min(number, 25), "CapExceeded": number > 25}


def verdict(one):
    failing = min(one["failing"], one["rows"])
    if not one["rows"]:
        return {"ComplianceType": "INSUFFICIENT_DATA"}
    if not failing:
        return {"ComplianceType": "COMPLIANT"}
    return {"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": count(failing)}


def arn(region, number, of="config-rule"):
    return f"arn:aws:config:{region}:{ACCOUNT}:{of}/config-rule-{number:06d}"


def described(region):
    for number, one in enumerate(rules()):
        source = {"Owner": "AWS", "SourceIdentifier": one["identifier"]}
        if one["identifier"] is None:
            source = {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": f"arn:aws:lambda:{region}:{ACCOUNT}:function:f"}
        yield {
            "ConfigRuleName": one["name"],
            "ConfigRuleArn": arn(region, number),
            "ConfigRuleId": f"config-rule-{number:06d}",
            "Description": 'Says "so",\n    "NextToken": "trap",',
            "Scope": {"ComplianceResourceTypes": [one["kind"]]},
            "Source": source,
            "InputParameters": one["parameters"],
            "ConfigRuleState": "ACTIVE",
            "EvaluationModes": [{"Mode": "DETECTIVE"}],
        }


def statuses(region):
    for number, one in enumerate(rules()):
        yield {
            "ConfigRuleName": one["name"],
            "ConfigRuleArn": arn(region, number),
            "ConfigRuleId": f"config-rule-{number:06d}",
            "LastSuccessfulInvocationTime": INVOKED,
            "LastSuccessfulEvaluationTime": INVOKED,
            "FirstActivatedTime": STARTED,
            "FirstEvaluationStarted": True,
        }


def in_pack(name, pack_id):
    return f"{name}-{pack_id}"


def pack_rows(pack, at):
    pack_id, names = pack_of(pack)
    for name in names:
        one = next((one for one in RULES if one["name"] == name), rule(name, None, VOLUME, 18, 0))
        for n in range(one["rows"]):
            yield evaluation(in_pack(name, pack_id), one["kind"], n, n < one["failing"], at)


def pack_of(name):
    if name not in PACKS:
        raise AwsError("NoSuchConformancePackException", "Conformance pack does not exist.")
    return PACKS[name]


def pack_fails(name):
    return any(row["ComplianceType"] == "NON_COMPLIANT" for row in pack_rows(name, 0))


def by_resource(_input, region):
    for one in rules():
        for n in range(one["rows"]):
            failing = n < one["failing"]
            compliance = {"ComplianceType": "NON_COMPLIANT" if failing else "COMPLIANT"}
            if failing:
                compliance["ComplianceContributorCount"] = count(1)
            id_ = resource(one["kind"], n, place(region))
            yield {"ResourceType": one["kind"], "ResourceId": id_, "Compliance": compliance}


def selected(input_, region):
    """Resources as the query selected them; AWS writes each as JSON in a string."""
    heads = [(GROUP, n) for n in range(230)] + [(VOLUME, n) for n in range(18)]
    for kind, n in heads:
        yield json.dumps({
            "accountId": ACCOUNT,
            "awsRegion": region,
            "resourceType": kind,
            "resourceId": resource(kind, n, place(region)),
            "resourceName": 'named "NextToken": "trap",',
            "configurationItemCaptureTime": "2026-09-29T23:00:00.000Z",
            "configurationItemStatus": "OK",
        })
    if "configuration.configRuleList" in input_["Expression"]:
        first = resource(GROUP, 0, place(region))
        rules_of = [{"configRuleName": "restricted-ssh", "complianceType": "NON_COMPLIANT", "configRuleId": "config-rule-000000"}]
        yield json.dumps({
            "accountId": ACCOUNT,
            "awsRegion": region,
            "resourceType": "AWS::Config::ResourceCompliance",
            "resourceId": f"{GROUP}/{first}",
            "configurationItemCaptureTime": "2026-09-29T23:00:00.000Z",
            "configurationItemStatus": "OK",
            "configuration": {"targetResourceType": GROUP, "targetResourceId": first, "configRuleList": rules_of},
        })


def members():
    for account, region in [(MEMBER, "ap-northeast-2"), (ACCOUNT, "us-east-1")]:
        for one in rules():
            yield account, region, one


def aggregated(input_, _region):
    at = place(input_["AwsRegion"], input_["AccountId"])
    for row in evaluations(known(input_["ConfigRuleName"]), at):
        yield {**row, "AccountId": input_["AccountId"], "AwsRegion": input_["AwsRegion"]}


def aggregate_sources(input_, _region):
    for source, status in [(ACCOUNT, "SUCCEEDED"), ("777788889999", "OUTDATED")]:
        if status in input_.get("UpdateStatus", [status]):
            yield {
                "SourceId": source,
                "SourceType": "ACCOUNT",
                "AwsRegion": "us-east-1",
                "LastUpdateStatus": status,
                "LastUpdateTime": INVOKED,
            }


def summary(number, failing):
    return {
        "CompliantResourceCount": count(number - failing),
        "NonCompliantResourceCount": count(failing),
        "ComplianceSummaryTimestamp": RECORDED_AT,
    }


def failing_rules():
    return sum(1 for one in rules() if min(one["failing"], one["rows"]))


def types():
    for kind in sorted({one["kind"] for one in rules()}):
        of_kind = [one for one in rules() if one["kind"] == kind]
        rows, failing = max(o["rows"] for o in of_kind), max(min(o["failing"], o["rows"]) for o in of_kind)
        yield {"ResourceType": kind, "ComplianceSummary": summary(rows, failing)}


def delivery(time):
    return {"lastStatus": "SUCCESS", "lastAttemptTime": time, "lastSuccessfulTime": time}


# Operations that answer a list in pages: the list's key; how many rows a page has unless the
# request says, and at most; the option that says so, and the token's; the rows; what stands beside
# the list.
LISTS = {
    "DescribeConfigRules": ("ConfigRules", 5, None, lambda i, r: described(r)),
    "DescribeConfigRuleEvaluationStatus": ("ConfigRulesEvaluationStatus", 50, "Limit", lambda i, r: statuses(r)),
    "DescribeComplianceByConfigRule": (
        "ComplianceByConfigRules", 5, None,
        lambda i, r: ({"ConfigRuleName": o["name"], "Compliance": verdict(o)} for o in rules()),
    ),
    "DescribeComplianceByResource": ("ComplianceByResources", 10, "Limit", by_resource),
    "GetComplianceDetailsByConfigRule": (
        "EvaluationResults", 10, "Limit", lambda i, r: evaluations(known(i["ConfigRuleName"]), place(r)),
    ),
    "DescribeConformancePacks": (
        "ConformancePackDetails", 2, "Limit",
        lambda i, r: (
            {
                "ConformancePackName": name,
                "ConformancePackArn": f"arn:aws:config:{r}:{ACCOUNT}:conformance-pack/{name}/{pack_id}",
                "ConformancePackId": pack_id,
                "DeliveryS3Bucket": "",
                "ConformancePackInputParameters": [],
                "LastUpdateRequestedTime": STARTED,
            }
            for name, (pack_id, _) in packs().items()
        ),
    ),
    "GetConformancePackComplianceDetails": (
        "ConformancePackRuleEvaluationResults", 100, "Limit", lambda i, r: pack_rows(i["ConformancePackName"], place(r)),
    ),
    "DescribeConformancePackCompliance": (
        "ConformancePackRuleComplianceList", 2, "Limit",
        lambda i, r: (
            {"ConfigRuleName": in_pack(name, pack_of(i["ConformancePackName"])[0]), "ComplianceType": word, "Controls": []}
            for name in pack_of(i["ConformancePackName"])[1]
            for word in ["NON_COMPLIANT" if name in ("restricted-ssh", "access-keys-rotated") else "COMPLIANT"]
        ),
    ),
    "GetConformancePackComplianceSummary": (
        "ConformancePackComplianceSummaryList", 20, "Limit",
        lambda i, r: (
            {
                "ConformancePackName": name,
                "ConformancePackComplianceStatus": "NON_COMPLIANT" if pack_fails(name) else
                "COMPLIANT" if pack_of(name)[1] else "INSUFFICIENT_DATA",
            }
            for name in i["ConformancePackNames"]
        ),
    ),
    "ListConformancePackComplianceScores": (
        "ConformancePackComplianceScores", 20, "Limit",
        lambda i, r: (
            {"Score": f"{n}.5", "ConformancePackName": f"pack-{n}", "LastUpdatedTime": INVOKED} for n in range(45)
        ),
    ),
    "GetDiscoveredResourceCounts": (
        "resourceCounts", 100, "limit",
        lambda i, r: ({"resourceType": f"AWS::X::Type{n}", "count": 300 - n} for n in range(130)),
    ),
    "SelectResourceConfig": ("Results", 25, "Limit", selected),
    "DescribeConfigurationAggregatorSourcesStatus": ("AggregatedSourceStatusList", 1, "Limit", aggregate_sources),
    "DescribeAggregateComplianceByConfigRules": (
        "AggregateComplianceByConfigRules", 5, "Limit",
        lambda i, r: (
            {"ConfigRuleName": one["name"], "Compliance": verdict(one), "AccountId": account, "AwsRegion": region}
            for account, region, one in members()
        ),
    ),
    "DescribeAggregateComplianceByConformancePacks": (
        "AggregateComplianceByConformancePacks", 5, "Limit",
        lambda i, r: [{
            "ConformancePackName": "kisms-baseline",
            "Compliance": {
                "ComplianceType": "NON_COMPLIANT", "CompliantRuleCount": 1, "NonCompliantRuleCount": 2, "TotalRuleCount": 3,
            },
            "AccountId": ACCOUNT,
            "AwsRegion": "us-east-1",
        }],
    ),
    "GetAggregateComplianceDetailsByConfigRule": ("AggregateEvaluationResults", 50, "Limit", aggregated),
    "GetAggregateConfigRuleComplianceSummary": (
        "AggregateComplianceCounts", 1000, "Limit",
        lambda i, r: ({"GroupName": f"{n:012d}", "ComplianceSummary": summary(n, 1)} for n in range(1, 151)),
    ),
    "GetAggregateConformancePackComplianceSummary": (
        "AggregateConformancePackComplianceSummaries", 100, "Limit",
        lambda i, r: (
            {"ComplianceSummary": {"CompliantConformancePackCount": n, "NonCompliantConformancePackCount": 1}, "GroupName": f"{n:012d}"}
            for n in range(150)
        ),
    ),
}
LIMITS = {"DescribeConfigRuleEvaluationStatus": 50, "DescribeConformancePacks": 20, "ListConformancePackComplianceScores": 20}
BESIDE = {
    "GetConformancePackComplianceDetails": lambda i: {"ConformancePackName": i["ConformancePackName"]},
    "DescribeConformancePackCompliance": lambda i: {"ConformancePackName": i["ConformancePackName"]},
    "GetDiscoveredResourceCounts": lambda i: {"totalDiscoveredResources": 30615},
    "SelectResourceConfig": lambda i: {"QueryInfo": {"SelectFields": [{"Name": "accountId"}]}},
}

# Operations that answer at once.
SINGLE = {
    "DescribeConfigurationRecorders": lambda r: {
        "ConfigurationRecorders": [
            {
                "name": "default",
                "roleARN": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
                "recordingGroup": {
                    "allSupported": True,
                    "includeGlobalResourceTypes": r == "us-east-1",
                    "resourceTypes": [],
                    "exclusionByResourceTypes": {"resourceTypes": []},
                    "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
                },
                "recordingMode": {"recordingFrequency": "CONTINUOUS", "recordingModeOverrides": []},
            }
        ]
        if r in RECORDED
        else []
    },
    "DescribeConfigurationRecorderStatus": lambda r: {
        "ConfigurationRecordersStatus": [
            {"name": "default", "lastStartTime": STARTED, "recording": True, "lastStatus": "SUCCESS", "lastStatusChangeTime": INVOKED}
        ]
    },
    "DescribeDeliveryChannels": lambda r: {
        "DeliveryChannels": [{"name": "default", "s3BucketName": "config-bucket", "s3KeyPrefix": "org"}]
    },
    "DescribeDeliveryChannelStatus": lambda r: {
        "DeliveryChannelsStatus": [
            {
                "name": "default",
                "configSnapshotDeliveryInfo": delivery(INVOKED),
                "configHistoryDeliveryInfo": delivery(INVOKED),
                "configStreamDeliveryInfo": {"lastStatus": "SUCCESS", "lastStatusChangeTime": INVOKED},
            }
        ]
    },
    "GetComplianceSummaryByConfigRule": lambda r: {"ComplianceSummary": summary(len(rules()), failing_rules())},
    "GetComplianceSummaryByResourceType": lambda r: {"ComplianceSummariesByResourceType": list(types())},
}


def page(operation, input_, region):
    key, most, limit_key, rows = LISTS[operation]
    token_key = "nextToken" if key[0].islower() else "NextToken"
    limit = input_.get(limit_key) if limit_key else None
    if limit is not None and not 0 <= limit <= LIMITS.get(operation, 1000 if "Aggregate" in operation else 100):
        raise AwsError("InvalidLimitException", "The specified limit is outside the allowable range.")
    aggregator = input_.get("ConfigurationAggregatorName", AGGREGATOR)
    if aggregator != AGGREGATOR:
        raise AwsError("NoSuchConfigurationAggregatorException", "The configuration aggregator does not exist.")
    rows, start = list(rows(input_, region)), 0
    session = os.environ.get("STAND_IN_SESSION", "")
    about = zlib.crc32(json.dumps({k: v for k, v in input_.items() if k != token_key}, sort_keys=True).encode())
    if token := input_.get(token_key):
        start, of, what = json.loads(base64.b64decode(token))
        if of != session or what != about:
            raise AwsError("InvalidNextTokenException", "The specified next token is not valid.")
    end = start + (limit or most)
    answer = {**BESIDE.get(operation, lambda i: {})(input_), key: rows[start:end]}
    if end < len(rows):
        answer[token_key] = base64.b64encode(json.dumps([end, session, about]).encode()).decode()
    return answer


def objects(prefix):
    """S3's keys below the prefix: a snapshot of this month's, whatever month it is."""
    match = re.fullmatch(r"org/AWSLogs/(\d+)/Config/([a-z0-9-]+)/(\d+)/(\d+)/", prefix)
    account, region, year, month = match.groups()
    folder = f"{prefix}9/ConfigSnapshot/{account}_Config_{region}_ConfigSnapshot_"
    return [
        {"LastModified": f"{year}-{int(month):02d}-09T0{hour}:00:00.000Z", "Key": f"{folder}{time}_u.json.gz"}
        for hour, time in [(2, "20260909T020000Z"), (1, "20260909T010000Z")]
    ] + [{"LastModified": "9999-01-01T00:00:00.000Z", "Key": f"{prefix}9/ConfigHistory/x.json.gz"}]


def snapshot():
    import gzip

    document = {"fileVersion": "1.0", "configSnapshotId": "u", "configurationItems": []}
    return gzip.compress(json.dumps(document).encode(), mtime=0)


def admit(service, operation, region, input_):
    """Counts the request; throttles or denies as the environment says."""
    folder = os.environ["STAND_IN"]
    text = f"{service} {operation} {region} {json.dumps(input_, ensure_ascii=False)}"
    with open(os.path.join(folder, "requests.log"), "a+", encoding="utf-8") as log:
        log.write(text + "\n")
        log.seek(0)
        requests = len(log.readlines())
    with open(os.path.join(folder, f"{zlib.crc32(text.encode()):08x}"), "a", encoding="utf-8") as file:
        file.write("x")
        file.flush()
        attempt = file.tell()
    first, code, message = (os.environ.get("STAND_IN_ERROR", "") + "  ").split(" ", 2)
    if first and requests >= int(first):
        raise AwsError(code, message.strip())
    if region == os.environ.get("STAND_IN_DISABLED"):
        raise AwsError("UnrecognizedClientException", "The security token included in the request is invalid.")
    denied = os.environ.get("STAND_IN_DENY")
    if denied and denied in text:
        who = f"arn:aws:sts::{ACCOUNT}:assumed-role/Auditor/kim"
        raise AwsError("AccessDeniedException", f"User: {who} is not authorized to perform: config:{operation}\x1b[31m")
    if service == "config" and attempt <= setting("STAND_IN_THROTTLE"):
        raise AwsError("ThrottlingException", "Rate exceeded")


def answer(service, operation, region, input_):
    """The answer of one operation to one request, as a dict; S3's objects as bytes."""
    admit(service, operation, region, input_)
    if operation in os.environ.get("STAND_IN_EMPTY", "").split():
        return {}
    if service == "sts" and operation == "GetCallerIdentity":
        return {"UserId": "AROA:kim", "Account": ACCOUNT, "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Auditor/kim"}
    if service == "ec2" and operation == "DescribeRegions":
        return {"Regions": [{"RegionName": region} for region in reversed(ENABLED)]}
    if service == "s3" and operation == "ListObjectsV2":
        return {"Contents": objects(input_["Prefix"])}
    if service == "s3" and operation == "GetObject":
        return snapshot()
    if service == "config" and operation in LISTS:
        return page(operation, input_, region)
    if service == "config" and operation in SINGLE:
        return SINGLE[operation](region)
    raise AwsError("InvalidAction", f"no operation {operation} of {service} is known here")
