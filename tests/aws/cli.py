"""Stands in for the AWS CLI, version 1 (with STAND_IN_CLI=2 version 2), before `estate.py`: the
options that each command takes, paging, times, JSON and text come out as the CLI's; a test holds
it against the real one.

    STAND_IN_KILL       at this call half an answer is written, and the caller is killed
    STAND_IN_INTERRUPT  at this call the caller gets SIGINT first
    STAND_IN_CUT        commands of which half an answer is written, with status 0
    STAND_IN_FULL       from this call on the disk is full
"""

import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import estate

# Lists that the CLI pages by itself; all but these have a page size.
PAGED = set(estate.LISTS) - {
    "GetConformancePackComplianceDetails",
    "ListConformancePackComplianceScores",
    "GetDiscoveredResourceCounts",
    "GetAggregateConfigRuleComplianceSummary",
    "GetAggregateConformancePackComplianceSummary",
}
# The options of each operation, by their names in the API; `+` takes several values.
OPTIONS = {
    "GetComplianceDetailsByConfigRule": ["ConfigRuleName", "Limit"],
    "DescribeConfigRuleEvaluationStatus": ["Limit"],
    "DescribeComplianceByResource": ["Limit"],
    "DescribeConformancePacks": ["Limit"],
    "GetConformancePackComplianceDetails": ["ConformancePackName", "Limit"],
    "DescribeConformancePackCompliance": ["ConformancePackName", "Limit"],
    "GetConformancePackComplianceSummary": ["ConformancePackNames+", "Limit"],
    "ListConformancePackComplianceScores": ["Limit"],
    "GetDiscoveredResourceCounts": ["limit"],
    "SelectResourceConfig": ["Expression", "Limit"],
    "DescribeConfigurationAggregatorSourcesStatus": ["ConfigurationAggregatorName", "UpdateStatus+", "Limit"],
    "DescribeAggregateComplianceByConfigRules": ["ConfigurationAggregatorName", "Limit"],
    "DescribeAggregateComplianceByConformancePacks": ["ConfigurationAggregatorName", "Limit"],
    "GetAggregateComplianceDetailsByConfigRule": [
        "ConfigurationAggregatorName", "ConfigRuleName", "AccountId", "AwsRegion", "Limit",
    ],
    "GetAggregateConfigRuleComplianceSummary": ["ConfigurationAggregatorName", "Limit"],
    "GetAggregateConformancePackComplianceSummary": ["ConfigurationAggregatorName", "Limit"],
    "ListObjectsV2": ["Bucket", "Prefix"],
}
SERVICES = {"configservice": "config", "sts": "sts", "ec2": "ec2", "s3api": "s3", "s3": "s3"}
FLAGS = {"no-paginate", "only-show-errors"}
COMMON = {"region", "output", "query", "profile"}
# The queries that the script may ask: the rows that they print as text.
QUERIES = {
    "[Account,Arn,UserId]": (None, ["Account", "Arn", "UserId"]),
    "Regions[].[RegionName]": ("Regions", ["RegionName"]),
    "ConfigurationRecorders[].[name]": ("ConfigurationRecorders", ["name"]),
    "ConfigRules[].[ConfigRuleName]": ("ConfigRules", ["ConfigRuleName"]),
    "ConformancePackDetails[].[ConformancePackName]": ("ConformancePackDetails", ["ConformancePackName"]),
    "DeliveryChannels[].[s3BucketName,s3KeyPrefix]": ("DeliveryChannels", ["s3BucketName", "s3KeyPrefix"]),
    "Contents[?contains(Key, `/ConfigSnapshot/`)].[LastModified,Key]": ("Contents", ["LastModified", "Key"]),
    "AggregatedSourceStatusList[].[SourceId,AwsRegion,LastUpdateStatus]": (
        "AggregatedSourceStatusList", ["SourceId", "AwsRegion", "LastUpdateStatus"],
    ),
    "AggregateComplianceByConfigRules[].[AccountId,AwsRegion,ConfigRuleName]": (
        "AggregateComplianceByConfigRules", ["AccountId", "AwsRegion", "ConfigRuleName"],
    ),
}


class Refused(Exception):
    """An error as the CLI shows it: its exit status, and its text."""


def kebab(name):
    return "".join("-" + c.lower() if c.isupper() else c for c in name).lstrip("-")


def camel(operation):
    special = {"list-objects-v2": "ListObjectsV2"}
    return special.get(operation) or "".join(word[:1].upper() + word[1:] for word in operation.split("-"))


def read(words):
    """What is no option, and the options with the words after them."""
    plain, options, last = [], {}, None
    for word in words:
        if word.startswith("--") and len(word) > 2:
            name, equals, value = word[2:].partition("=")
            if name in options:
                raise Refused(252, f"\n--{name} stands twice\n")
            options[name] = [value] if equals else []
            last = None if equals or name in FLAGS else name
        elif last:
            options[last].append(word)
        else:
            plain.append(word)
    return plain, options


def value(name, words):
    if len(words) != 1:
        raise Refused(252, f"\nargument --{name}: expected one argument\n")
    if words[0].startswith(("file://", "fileb://")):
        raise Refused(252, f"\nError parsing parameter '--{name}': Unable to load paramfile {words[0]}\n")
    return words[0]


def request(operation, options):
    """The input of the operation; whether the CLI pages by itself."""
    known = {kebab(name.rstrip("+")): name for name in OPTIONS.get(operation, [])}
    listed = operation in estate.LISTS
    paged = operation in PAGED and "no-paginate" not in options
    input_ = {}
    for name, words in options.items():
        if name in COMMON or name == "no-paginate" and words == []:
            continue
        if name == "page-size" and operation in PAGED and "limit" in known:
            input_[known["limit"]] = int(value(name, words))
        elif name == "next-token" and listed:
            input_["nextToken" if known.get("limit") == "limit" else "NextToken"] = value(name, words)
            paged = False
        elif name not in known:
            raise Refused(252, f"\nUnknown options: --{name}\n")
        elif known[name].endswith("+"):
            input_[known[name][:-1]] = words
        elif name == "limit":
            input_[known[name]] = int(value(name, words))
            paged = False
        else:
            input_[known[name]] = value(name, words)
    return input_, paged


def asked(service, operation, region, input_, paged):
    """The whole answer as the CLI would give it."""
    whole = answered = estate.answer(service, operation, region, input_)
    while paged and "NextToken" in answered:
        answered = estate.answer(service, operation, region, {**input_, "NextToken": answered["NextToken"]})
        key = estate.LISTS[operation][0]
        whole[key] += answered[key]
    if paged:
        whole.pop("NextToken", None)
    return whole


def times(value, name=""):
    """Version 2 shows times as ISO 8601, version 1 as they came."""
    if isinstance(value, dict):
        return {key: times(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [times(inner) for inner in value]
    if isinstance(value, float) and os.environ.get("STAND_IN_CLI") == "2":
        import datetime

        zone = datetime.timezone(datetime.timedelta(hours=9))
        return datetime.datetime.fromtimestamp(value, zone).isoformat()
    return value


def shown(result, options):
    if value("output", options.get("output", [])) == "text":
        key, names = QUERIES[value("query", options["query"])]
        rows = [result] if key is None else result.get(key, [])
        if "[?" in options["query"][0]:
            rows = [row for row in rows if "/ConfigSnapshot/" in row["Key"]]
        return "".join("\t".join(row.get(name, "None") for name in names) + "\n" for row in rows).encode()
    if options["output"] != ["json"] or "query" in options:
        raise Refused(252, "what is saved is JSON, without --query\n")
    if not result:
        return b""
    # As the AWS CLI 2 does on Windows in Korean, unless it is told otherwise.
    encoding = os.environ.get("AWS_CLI_OUTPUT_ENCODING", "cp949")
    return (json.dumps(times(result), indent=4, ensure_ascii=False) + "\n").encode(encoding)


def called(words):
    """How many calls there were."""
    with open(os.path.join(os.environ["STAND_IN"], "calls.log"), "a+", encoding="utf-8") as log:
        log.write(json.dumps(words, ensure_ascii=False) + "\n")
        log.seek(0)
        return len(log.readlines())


def main(words):
    if words == ["--version"]:
        print("aws-cli/0 stand-in")
        return
    plain, options = read(words)
    if plain == ["configure", "get", "region"]:
        sys.exit(1)
    calls = called(words)
    if calls == estate.setting("STAND_IN_INTERRUPT"):
        os.kill(os.getppid(), signal.SIGINT)
    if estate.setting("STAND_IN_FULL") and calls >= estate.setting("STAND_IN_FULL"):
        raise Refused(255, "\n[Errno 28] No space left on device\n")
    region = value("region", options.get("region", []))
    if plain[:2] == ["s3", "cp"]:
        output = estate.answer("s3", "GetObject", region, {"Key": plain[2]})
    elif len(plain) != 2 or plain[0] not in SERVICES:
        raise Refused(252, f"\nUnknown options: {' '.join(plain[2:])}\n")
    else:
        operation = camel(plain[1])
        input_, paged = request(operation, options)
        try:
            output = shown(asked(SERVICES[plain[0]], operation, region, input_, paged), options)
        except estate.AwsError as error:
            text = f"An error occurred ({error.code}) when calling the {operation} operation: {error.message}"
            raise Refused(254, f"\n{text}\n") from None
    killed = calls == estate.setting("STAND_IN_KILL")
    if killed or plain[1] in os.environ.get("STAND_IN_CUT", "").split():
        output = output[: len(output) // 2]
    sys.stdout.buffer.write(output)
    sys.stdout.flush()
    if killed:
        os.kill(os.getppid(), signal.SIGKILL)


try:
    main(sys.argv[1:])
except Refused as refused:
    status, text = refused.args
    sys.stderr.write(text)
    sys.exit(status)
