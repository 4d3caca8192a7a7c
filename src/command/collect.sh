#!/bin/sh
# Gathers what AWS Config says of an account (or, through an aggregator, of an organisation), for
# `kisms check` and `kisms build`. Written by `kisms collect`; read it before you run it.
#
#   sh collect.sh [FOLDER]      writes FOLDER/ACCOUNT/REGION/...; FOLDER is `exports` unless given
#   KISMS_SNAPSHOT=yes sh collect.sh    also copies each region's newest configuration snapshot
#                               from S3; that needs config:DescribeDeliveryChannels, and s3:ListBucket
#                               and s3:GetObject on the delivery bucket, beyond `kisms collect --policy`
#
# It calls only operations that read: describe, get, list, and with KISMS_SNAPSHOT=yes a copy out of S3.
# A file gets its name when it is whole. Run it again with the same FOLDER after an interruption:
# what is whole is not taken twice. To begin anew, give another FOLDER.
# FOLDER/ACCOUNT (or FOLDER/aggregator-ACCOUNT-REGION-NAME) then holds collect.log (UTC times of
# every call), SHA256SUMS, and the file INCOMPLETE for as long as anything is missing.
# Needs the AWS CLI (1 or 2) and sha256sum or shasum; every AWS CloudShell has them.
# What resources are configured like is not gathered, for it may hold secrets; a snapshot has it.
# Exit status: 0 everything was gathered, 1 something is missing, 2 it could not begin.
set -u
umask 077

# What `kisms collect` was asked for. No regions: all that have a configuration recorder.
PROFILE=@PROFILE@
REGIONS=@REGIONS@
AGGREGATOR=@AGGREGATOR@

SNAPSHOT=${KISMS_SNAPSHOT:-no} # yes: copy the newest snapshots as well
ATTEMPTS=${KISMS_ATTEMPTS:-8}  # how often one call is tried
PAUSE=${KISMS_PAUSE:-1}        # seconds before the second attempt; doubled up to 32

# The AWS CLI 2 asks the first of these which encoding it writes, the AWS CLI 1 the second.
export AWS_CLI_OUTPUT_ENCODING=UTF-8 PYTHONUTF8=1
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
export AWS_RETRY_MODE="${AWS_RETRY_MODE:-standard}"
tab=$(printf '\t')
newline='
'
saved=0 kept=0 failures=0 why='' region='' reached=''

say() { printf '%s\n' "$*" >&2; }

# refuse TEXT: it cannot begin.
refuse() {
    say "$1"
    exit 2
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# note EVENT TEXT: one line of the log: time, event, text, separated by tabs.
note() {
    printf '%s\t%s\t%s\n' "$(now)" "$1" "$2" >>"$root/collect.log" || lost_disk
}

# Nothing can be written any more, not even what is missing: INCOMPLETE stays from the beginning.
lost_disk() {
    say "$root cannot be written (is the disk full?). Make room and run this again with the same FOLDER."
    exit 1
}

# fail TEXT: something is missing.
fail() {
    failures=$((failures + 1))
    note failed "$1"
    printf '%s\n' "$1" >>"$missing" || lost_disk
    say "failed: $1"
}

# stop TEXT: nothing more can be gathered now.
stop() {
    fail "$1"
    finish
}

sha256() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

run_aws() {
    if [ -n "$PROFILE" ]; then set -- --profile "$PROFILE" "$@"; fi
    command aws "$@" </dev/null
}

# reason STATUS: sets $why to what the CLI said, on one line, without keys and tokens: AWS repeats
# the request's headers when it does not accept the signature.
reason() {
    if ! [ -s "$errors" ]; then
        # It said nothing; or there was no room for what it said.
        printf 'aws ended with status %s\n' "$1" >"$errors"
        [ -s "$errors" ] || lost_disk
    fi
    why=$(LC_ALL=C tr '\n\t' '  ' <"$errors" | LC_ALL=C tr -d '[:cntrl:]' |
        LC_ALL=C sed -e 's/The Canonical String.*//' -e 's/A[KS]IA[A-Z0-9]\{8,\}/(key)/g' \
            -e 's/\([Tt]oken[:=] *\)[A-Za-z0-9+/=]\{40,\}/\1(token)/g' -e 's/^ *//' -e 's/ *$//' |
        cut -c 1-400)
}

# call FILE ARGUMENT...: one call, its answer in FILE. What another attempt cannot mend is not tried
# again; everything else is, more slowly each time. On failure $why tells.
call() {
    call_to=$1
    shift
    call_attempt=1
    call_pause=$PAUSE
    while :; do
        run_aws "$@" >"$call_to" 2>"$errors"
        call_status=$?
        if [ "$call_status" -eq 0 ]; then
            reached=$region
            return 0
        fi
        reason "$call_status"
        case $why in
        *'o space left'* | *'uota exceeded'* | *'ead-only file system'*) lost_disk ;;
        *UnrecognizedClient* | *InvalidClientTokenId* | *AuthFailure* | *OptInRequired*)
            # So AWS answers where a region is not enabled; elsewhere the credentials may be good.
            if [ "$region" != "$reached" ] && [ "$region" != "$home" ] && identify >/dev/null 2>&1; then
                return 1
            fi
            stop "the credentials do not work (any more): $why"
            ;;
        *ExpiredToken* | *'oken has expired'* | *RequestExpired* | *Signature* | *'SSO session'* | \
            *UnauthorizedSSOToken* | *'nable to locate credentials'* | *'artial credentials'* | \
            *'config profile'*)
            stop "the credentials do not work (any more), or this machine's clock is wrong: $why"
            ;;
        *AccessDenied* | *'not authorized'* | *UnauthorizedOperation* | *Validation* | \
            *InvalidParameter* | *InvalidNextToken* | *InvalidLimit* | *NoSuch* | \
            *NoAvailable* | *'nknown options'* | *'nvalid choice'*)
            return 1
            ;;
        esac
        if [ "$call_attempt" -ge "$ATTEMPTS" ]; then
            given_up
            return 1
        fi
        note retry "$why"
        sleep "$call_pause"
        call_attempt=$((call_attempt + 1))
        call_pause=$((call_pause * 2))
        [ "$call_pause" -le 32 ] || call_pause=32
    done
}

# identify: account, ARN and user id of who is calling, if AWS knows.
identify() {
    run_aws sts get-caller-identity --region "$home" --output text --query '[Account,Arn,UserId]'
}

# A region that answered before and no longer can be reached: so would all further calls end.
given_up() {
    case $why in
    *'ould not connect'* | *'onnection was closed'* | *imeout* | *'imed out'*)
        if [ "$region" = "$reached" ]; then stop "AWS cannot be reached any more: $why"; fi
        ;;
    esac
}

# keep FILE BEGUN: the download is whole and gets its name. The log says so first: a file that is
# there has its time.
keep() {
    note saved "$1${tab}called $2"
    if ! { mkdir -p "$(dirname "$root/$1")" && mv "$download" "$root/$1"; }; then
        why='the file cannot be written'
        return 1
    fi
    saved=$((saved + 1))
}

# fetch FILE ARGUMENT...: an answer as JSON, unless it is there already.
fetch() {
    fetch_file=$1
    shift
    if [ -s "$root/$fetch_file" ]; then
        kept=$((kept + 1))
        return 0
    fi
    fetch_begun=$(now)
    call "$download" "$@" --output json || return 1
    if ! [ -s "$download" ]; then
        # The CLI prints nothing for an answer without members; or nothing could be written.
        printf '{}' >"$download"
        [ -s "$download" ] || lost_disk
        note empty "$fetch_file"
        return 0
    fi
    # The CLI indents: a whole answer ends with a brace in the first column.
    if [ "$(tail -n 1 "$download" | cut -c 1)" != '}' ]; then
        why='the answer is cut off'
        return 1
    fi
    keep "$fetch_file" "$fetch_begun"
}

# save FILE ARGUMENT...: the same; a failure is noted.
save() {
    save_file=$1
    fetch "$@" || fail "$save_file: $why"
}

# next_token FILE: sets $token to the page's own token, empty on the last page. At four spaces only
# keys of the answer itself stand, and no text in it can hold a bare `"NextToken": "`.
next_token() {
    token=''
    [ -f "$1" ] || return 0 # an answer without members has no further page
    token=$(LC_ALL=C sed -n 's/^    "[Nn]extToken": "\(.*\)",\{0,1\}$/\1/p' "$1")
    case $token in
    *\\* | *://* | *"$newline"*) return 1 ;; # the CLI would take an address for that of a file
    '') if LC_ALL=C grep -q '"[Nn]extToken": *"[^"]' "$1"; then return 1; fi ;;
    esac
}

# fetch_pages FOLDER ARGUMENT...: FOLDER/0001.json, FOLDER/0002.json, ... until a page has no token.
# For operations that the CLI does not page by itself.
fetch_pages() {
    pages_folder=$1
    shift
    page=1
    token=''
    while :; do
        page_file=$pages_folder/$(printf '%04d' "$page").json
        if [ -n "$token" ]; then
            fetch "$page_file" "$@" "--next-token=$token" || return 1
        else
            fetch "$page_file" "$@" || return 1
        fi
        token_before=$token
        if ! next_token "$root/$page_file"; then
            why='its NextToken cannot be read'
            return 1
        fi
        [ -n "$token" ] || return 0
        if [ "$token" = "$token_before" ]; then
            why='AWS gave the same NextToken twice'
            return 1
        fi
        page=$((page + 1))
    done
}

# save_pages FOLDER ARGUMENT...: the same; a failure is noted. Tokens of an earlier run may have
# expired: then its pages are taken again from the first.
save_pages() {
    save_folder=$1
    if fetch_pages "$@"; then return; fi
    case $why in
    *InvalidNextToken*)
        note again "$save_folder: $why"
        rm -f "$root/$save_folder"/[0-9]*.json
        if fetch_pages "$@"; then return; fi
        ;;
    esac
    fail "$save_folder: $why"
}

# file_name NAME: sets $name to a file name for it. AWS allows any character in a rule's name, and
# some disks do not tell A from a: where anything but a-z 0-9 . _ - stands, a checksum tells apart.
file_name() {
    name=$(printf '%s' "$1" | LC_ALL=C tr -c 'A-Za-z0-9._-' '_' | cut -c 1-100)
    name_small=$(printf '%s' "$name" | LC_ALL=C tr '[:upper:]' '[:lower:]')
    if [ "$name_small" != "$1" ]; then
        name=$name-$(printf '%s' "$1" | sha256 | cut -c 1-12)
    fi
    case $name in [.-]*) name=_$name ;; esac
}

# save_each OPERATION...: answers about the whole region.
save_each() {
    for operation in "$@"; do
        save "$region/$operation.json" configservice "$operation" --region "$region"
    done
}

# plain NAME: whether the CLI takes the name as it is, and not as the address of a file to read.
plain() {
    case $1 in
    '') return 1 ;;
    file://* | fileb://* | http://* | https://*) fail "$region: a name begins like an address" && return 1 ;;
    esac
}

# names ARGUMENT...: a list of names into the file $list; a failure is noted.
names() {
    call "$list" configservice "$@" --output text && return 0
    fail "$region/$1: $why"
    return 1
}

save_details() {
    operation=get-compliance-details-by-config-rule
    names describe-config-rules --region "$region" --query 'ConfigRules[].[ConfigRuleName]' || return 0
    say "  $(grep -c . "$list") rules"
    while IFS= read -r rule; do
        plain "$rule" || continue
        file_name "$rule"
        save "$region/$operation/$name.json" configservice "$operation" --region "$region" \
            "--config-rule-name=$rule" --page-size 100
    done <"$list"
}

save_packs() {
    names describe-conformance-packs --region "$region" \
        --query 'ConformancePackDetails[].[ConformancePackName]' || return 0
    while IFS= read -r pack; do
        plain "$pack" || continue
        file_name "$pack"
        operation=get-conformance-pack-compliance-details
        save_pages "$region/$operation/$name" configservice "$operation" --region "$region" \
            "--conformance-pack-name=$pack" --limit 100
        operation=describe-conformance-pack-compliance
        save "$region/$operation/$name.json" configservice "$operation" --region "$region" \
            "--conformance-pack-name=$pack"
        operation=get-conformance-pack-compliance-summary
        save "$region/$operation/$name.json" configservice "$operation" --region "$region" \
            "--conformance-pack-names=$pack"
    done <"$list"
}

# Verdicts and counts of the region: after the details, which should hold all that is counted.
save_counts() {
    save_each describe-compliance-by-config-rule get-compliance-summary-by-config-rule \
        get-compliance-summary-by-resource-type
    operation=describe-compliance-by-resource
    save "$region/$operation.json" configservice "$operation" --region "$region" --page-size 100
    operation='list-conformance-pack-compliance-scores'
    save_pages "$region/$operation" configservice "$operation" --region "$region" --limit 20
    operation=get-discovered-resource-counts
    save_pages "$region/$operation" configservice "$operation" --region "$region" --limit 100
}

# Which resources there are, page by page, for there may be many; of their configuration only what
# the items about compliance hold.
save_resources() {
    operation=select-resource-config
    save_pages "$region/$operation" configservice "$operation" --region "$region" --no-paginate \
        --limit 100 --expression "SELECT accountId, awsRegion, resourceType, resourceId, \
resourceName, arn, resourceCreationTime, configurationItemCaptureTime, configurationItemStatus, \
configuration.targetResourceType, configuration.targetResourceId, configuration.configRuleList"
}

# The newest snapshot of the last twelve months: months and days are not padded in S3's keys, so
# they are asked for one by one.
save_snapshot() {
    names describe-delivery-channels --region "$region" \
        --query 'DeliveryChannels[].[s3BucketName,s3KeyPrefix]' || return 0
    IFS=$tab read -r bucket prefix <"$list" || bucket=''
    if [ -z "$bucket" ]; then
        note snapshot "$region: no delivery channel"
        return 0
    fi
    case $prefix in None | '') prefix='' ;; *) prefix=$prefix/ ;; esac
    year=$(date -u +%Y)
    month=$(date -u +%m)
    month=${month#0}
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        # shellcheck disable=SC2016 # the backquotes are JMESPath's
        if ! call "$list" s3api list-objects-v2 --region "$region" --bucket "$bucket" \
            --prefix "${prefix}AWSLogs/$account/Config/$region/$year/$month/" --output text \
            --query 'Contents[?contains(Key, `/ConfigSnapshot/`)].[LastModified,Key]'; then
            fail "$region: snapshots in s3://$bucket: $why"
            return 0
        fi
        key=$(grep /ConfigSnapshot/ "$list" | LC_ALL=C sort | tail -n 1 | cut -f 2)
        [ -z "$key" ] || break
        month=$((month - 1))
        if [ "$month" -eq 0 ]; then month=12 year=$((year - 1)); fi
    done
    if [ -z "$key" ]; then
        fail "$region: s3://$bucket has no configuration snapshot of the last twelve months"
        return 0
    fi
    copy_snapshot
}

copy_snapshot() {
    name=${key##*/}
    case $name in
    *[!A-Za-z0-9._-]*) fail "$region: the snapshot in s3://$bucket has no plain name" && return 0 ;;
    esac
    if [ -s "$root/$region/$name" ]; then
        kept=$((kept + 1))
        return 0
    fi
    begun=$(now)
    if ! call "$download" s3 cp "s3://$bucket/$key" - --region "$region" --only-show-errors; then
        fail "$region/$name: $why"
    elif ! gzip -t "$download" 2>/dev/null; then
        fail "$region/$name: the copy is cut off"
    else
        keep "$region/$name" "$begun" || fail "$region/$name: $why"
    fi
}

save_region() {
    region=$1
    if ! call "$list" configservice describe-configuration-recorders --region "$region" \
        --query 'ConfigurationRecorders[].[name]' --output text; then
        case $why in
        *AccessDenied* | *'not authorized'*) ;; # something else may be allowed
        *) fail "$region: $why" && return 0 ;;
        esac
    elif ! grep -q . "$list"; then
        note 'no recorder' "$region"
        if [ -n "$REGIONS" ]; then say "$root/$region: no recorder, AWS Config is off there"; fi
        return 0
    fi
    recorded=yes
    say "$root/$region"
    save_each describe-config-rules describe-config-rule-evaluation-status \
        describe-conformance-packs describe-configuration-recorders \
        describe-configuration-recorder-status describe-delivery-channel-status
    save_details
    save_packs
    save_counts
    save_resources
    if [ "$SNAPSHOT" = yes ]; then save_snapshot; fi
}

# The given regions, or all that are enabled. A region that cannot be asked is missing, not empty.
save_account() {
    region=$home regions=$REGIONS recorded=''
    if [ -z "$regions" ]; then
        call "$list" ec2 describe-regions --region "$home" --query 'Regions[].[RegionName]' \
            --output text ||
            stop "the regions cannot be listed; name them with \`kisms collect --region\`: $why"
        regions=$(LC_ALL=C sort "$list")
    fi
    for region in $regions; do
        case $region in *[!a-z0-9-]*) continue ;; esac
        save_region "$region"
    done
    if [ -z "$recorded" ] && [ "$failures" -eq 0 ]; then fail 'no region has a configuration recorder'; fi
}

# Everything that an aggregator holds. It has no rules' parameters: those tell each account's own
# collection.
save_aggregator() {
    region=$home
    for operation in describe-aggregate-compliance-by-config-rules \
        describe-aggregate-compliance-by-conformance-packs; do
        save "$operation.json" configservice "$operation" --region "$region" \
            "--configuration-aggregator-name=$AGGREGATOR" --page-size 100
    done
    for operation in get-aggregate-config-rule-compliance-summary \
        get-aggregate-conformance-pack-compliance-summary; do
        save_pages "$operation" configservice "$operation" --region "$region" \
            "--configuration-aggregator-name=$AGGREGATOR" --limit 100
    done
    check_sources
    save_aggregate_details
}

# A source that did not deliver is missing, not compliant.
check_sources() {
    names describe-configuration-aggregator-sources-status --region "$region" \
        "--configuration-aggregator-name=$AGGREGATOR" --update-status FAILED OUTDATED \
        --query 'AggregatedSourceStatusList[].[SourceId,AwsRegion,LastUpdateStatus]' || return 0
    while IFS=$tab read -r source source_region source_status; do
        [ -n "$source" ] || continue
        fail "$source $source_region: the aggregator's last update is $source_status"
    done <"$list"
}

save_aggregate_details() {
    operation=get-aggregate-compliance-details-by-config-rule
    names describe-aggregate-compliance-by-config-rules --region "$region" \
        "--configuration-aggregator-name=$AGGREGATOR" --page-size 100 \
        --query 'AggregateComplianceByConfigRules[].[AccountId,AwsRegion,ConfigRuleName]' || return 0
    while IFS=$tab read -r member member_region rule; do
        plain "$rule" || continue
        case $member$member_region in
        *[!a-z0-9-]*)
            fail 'the aggregator names an account or a region that is none'
            continue
            ;;
        esac
        file_name "$rule"
        save "$member/$member_region/$operation/$name.json" configservice "$operation" \
            --region "$region" "--configuration-aggregator-name=$AGGREGATOR" \
            "--account-id=$member" "--aws-region=$member_region" "--config-rule-name=$rule" \
            --page-size 100
    done <"$list"
}

# What is left of the last run must still be what it was.
check_sums() {
    [ -f "$root/SHA256SUMS" ] || return 0
    if ! (cd "$root" && sha256 -c SHA256SUMS) >"$list" 2>/dev/null; then
        say "$root is no longer what the last run left there:"
        grep -v ': OK$' "$list" >&2
        say 'Remove these files and SHA256SUMS to take them again, or give another FOLDER.'
        rm -f "$list"
        exit 2
    fi
}

write_sums() {
    (cd "$root" &&
        find . -type f \( -name '*.json' -o -name '*.json.gz' -o -name collect.log \) |
        sed 's|^\./||' | LC_ALL=C sort |
            while IFS= read -r file; do sha256 -- "$file" || exit 1; done) >"$download" &&
        mv "$download" "$root/SHA256SUMS"
}

finish() {
    trap '' INT TERM HUP
    note end "$saved files saved, $kept were there already, $failures failures"
    if ! write_sums; then
        failures=$((failures + 1))
        printf 'SHA256SUMS: it cannot be written\n' >>"$missing"
    fi
    say ''
    say "$root: $saved files saved, $kept were there already."
    if [ "$failures" -eq 0 ]; then
        rm -f "$missing" "$download" "$errors" "$list" "$root/INCOMPLETE"
        say 'Everything was gathered.'
        exit 0
    fi
    say "INCOMPLETE: $failures failed:"
    cat "$missing" >&2
    say 'Mend what is in the way and run this again with the same FOLDER.'
    mv "$missing" "$root/INCOMPLETE"
    rm -f "$download" "$errors" "$list"
    exit 1
}

case ${1-} in
-h | --help)
    say "usage: sh $0 [FOLDER]     FOLDER is \`exports\` unless given; more stands at its beginning"
    exit 0
    ;;
-*) refuse "FOLDER is a folder's name, not \`$1\`" ;;
esac
[ $# -le 1 ] || refuse 'one FOLDER at most'
out=${1:-exports}
case $ATTEMPTS$PAUSE in *[!0-9]*) refuse 'KISMS_ATTEMPTS and KISMS_PAUSE are whole numbers' ;; esac
command -v aws >/dev/null 2>&1 || refuse 'The AWS CLI (aws) is not installed.'
home=${REGIONS%% *}
home=${home:-${AWS_REGION:-${AWS_DEFAULT_REGION:-$(run_aws configure get region 2>/dev/null)}}}
home=${home:-us-east-1}
identity=$(identify) ||
    refuse "AWS does not tell who is calling: are the credentials current, and is $home enabled?"
account=${identity%%"$tab"*}
case $account in *[!0-9]* | '') refuse "AWS gave no account but \`$account\`." ;; esac

root=$out/$account
if [ -n "$AGGREGATOR" ]; then root=$out/aggregator-$account-$home-$AGGREGATOR; fi
mkdir -p "$root" || exit 2
rm -f "$root"/collect-*.part
download=$root/collect-$$-download.part
errors=$root/collect-$$-errors.part
list=$root/collect-$$-list.part
missing=$root/collect-$$-missing.part
check_sums
: >"$missing" && printf 'The collection that began at %s has not ended.\n' "$(now)" >"$root/INCOMPLETE" ||
    exit 2
rm -f "$root/SHA256SUMS" # written anew at the end
if [ -f "$root/collect.log" ]; then
    say "Going on with what $root holds since $(head -n 1 "$root/collect.log" | cut -f 1)."
    say 'What is there is not taken again; to take everything anew, give another FOLDER.'
fi
note begin "kisms collect @VERSION@"
note identity "$identity"
note aws "$(run_aws --version 2>&1 | head -n 1)"
trap 'stop "interrupted"' INT TERM HUP

if [ -n "$AGGREGATOR" ]; then
    save_aggregator
else
    save_account
fi
finish
