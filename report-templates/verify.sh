#!/bin/sh
# Checks this evidence bundle without kisms. 이 증적 번들을 kisms 없이 검증합니다.
#
#   sh verify.sh CA.pem [TSA-CA.pem]
#
# CA.pem: the applicant's certificate authority; TSA-CA.pem: the time-stamping authority's, which asks for a
# time-stamp. Get both by another way than this bundle, and this script too if you can: whoever changed the bundle could
# have changed the script. / CA.pem(신청기관)과 TSA-CA.pem(시점확인 기관)은 번들과 다른 경로로
# 받으십시오. 번들을 바꾼 사람은 이 스크립트도 바꿀 수 있습니다.
#
# Needs: a POSIX shell, sha256sum or shasum, and OpenSSL 3.
# Exit: 0 all holds, 1 something does not, 2 it could not be checked.
set -u
LC_ALL=C
export LC_ALL
bad=0
M='manifest-sha256.txt'
T='tagmanifest-sha256.txt'
P='tagmanifest-sha256.txt.p7s'

fault() { printf 'BAD  %s\n' "$1"; bad=1; }
good() { printf 'ok   %s\n' "$1"; }
stop() { printf 'verify.sh: %s\n' "$1" >&2; exit 2; }

absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }
ca=${1:+$(absolute "$1")}
tsa=${2:+$(absolute "$2")}
for file in ${ca:+"$ca"} ${tsa:+"$tsa"}; do
    [ -r "$file" ] || stop "cannot read $file"
done
cd "$(dirname "$0")" || stop "cannot enter the bundle's folder"
[ -f $T ] || stop "$T is not here: run verify.sh in the unpacked bundle"
if command -v sha256sum >/dev/null; then
    sum() { sha256sum; }
elif command -v shasum >/dev/null; then
    sum() { shasum -a 256; }
else
    stop "neither sha256sum nor shasum is here"
fi
command -v openssl >/dev/null || stop "openssl is not here"
work=$(mktemp -d) || stop "cannot make a temporary folder"
trap 'rm -rf "$work"' EXIT

# 1. Every listed file is there and is the one that was listed.
: >"$work/listed"
for manifest in $T $M; do
    if [ ! -f $manifest ] || [ -h $manifest ]; then
        fault "$manifest is missing"
        continue
    fi
    [ -z "$(tail -c 1 $manifest)" ] || fault "$manifest does not end with a line break"
    while IFS= read -r line || [ -n "$line" ]; do
        hash=${line%%  *}
        path=${line#*  }
        case $path in
        "" | /* | *\\* | ../* | */../* | */.. | ./* | */./* | *//* | "$line")
            fault "$manifest: a malformed line: $line"
            continue
            ;;
        data/*) [ $manifest = $M ] || fault "$manifest lists $path" ;;
        *) [ $manifest = $T ] || fault "$manifest lists $path" ;;
        esac
        printf './%s\n' "$path" >>"$work/listed"
        if [ ! -f "$path" ] || [ -h "$path" ]; then
            fault "missing: $path"
        elif real=$(sum <"$path") && [ "${real%% *}" != "$hash" ]; then
            fault "changed: $path"
        fi
    done <$manifest
done

# 2. Nothing else is there.
printf './%s\n' $T $P >>"$work/listed"
sort "$work/listed" >"$work/sorted"
uniq -d "$work/sorted" >"$work/twice"
while IFS= read -r path; do fault "listed twice: $path"; done <"$work/twice"
find . ! -type d -print | sort >"$work/there"
sort -u "$work/sorted" | comm -13 - "$work/there" >"$work/unlisted"
while IFS= read -r path; do fault "not listed: $path"; done <"$work/unlisted"
[ $bad -ne 0 ] || good "$(wc -l <"$work/there" | tr -d ' ') files, each one as listed"

# 3. The bag says of itself what it is.
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt ||
    fault "bagit.txt is not that of BagIt 1.0"
says() { sed -n "s/^$1: //p" bag-info.txt 2>/dev/null; }
[ "$(says External-Identifier)" = "$(basename "$PWD")" ] ||
    fault "bag-info.txt is of another bundle than the folder's name says"
[ "$(says Kisms-Format)" = 1 ] || fault "bag-info.txt names an unknown format"
bytes=$(find data -type f -exec cat {} + 2>/dev/null | wc -c | tr -d ' ')
count=$(find data -type f 2>/dev/null | wc -l | tr -d ' ')
[ "$(says Payload-Oxum)" = "$bytes.$count" ] || fault "bag-info.txt: Payload-Oxum does not hold"

# 4. The signature over the tagmanifest, and through it over everything.
# Whether a certificate was valid is judged at the time at which the signer claims to have signed.
claimed() { # of the .p7s: seconds since 1970, and the time as text
    openssl asn1parse -inform DER -in $P 2>/dev/null | awk '
        /OBJECT *:signingTime/ { found = 1; next }
        found && /(UTC|GENERALIZED)TIME/ {
            sub(/.*:/, ""); sub(/Z$/, "")
            if (length($0) == 12) $0 = (substr($0, 1, 2) < 50 ? "20" : "19") $0
            y = substr($0, 1, 4); m = substr($0, 5, 2) + 0; d = substr($0, 7, 2)
            if (m < 3) { y--; m += 12 }
            days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + d - 719469
            at = substr($0, 9, 2) * 3600 + substr($0, 11, 2) * 60 + substr($0, 13, 2)
            printf "%.0f %s\n", days * 86400 + at, $0 "Z"
            exit
        }'
}
# cms SIGNATURE CONTENT OPTION...
cms() {
    signature=$1 content=$2
    shift 2
    openssl cms -verify -binary -inform DER -content "$content" -in "$signature" -out /dev/null "$@" 2>"$work/said"
}
# CA.pem may be the signer's own certificate, too: what was given is believed, and nothing else.
trusted() {
    cms "$1" "$2" -cades -CAfile "$ca" -partial_chain -no-CApath -no-CAstore -attime "$seconds" -signer "$3"
}

# places: where the signature value and the time-stamp token stand in the .p7s, and how long it is.
places() {
    openssl asn1parse -inform DER -in $P 2>/dev/null | awk '
        { sub(/^ */, ""); split($0, f, /[:= ]+/); at = f[1]; depth = f[3]; head = f[5]; len = f[7] }
        NR == 1 { print "whole", 0, head + len }
        depth == 5 && /OCTET STRING/ { print "value", at + head, len }
        /id-smime-aa-timeStampToken/ { found = 1; print "named", at, head + len; next }
        found && /SEQUENCE/ { print "token", at, head + len; exit }'
}
cut_out() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; } # FILE FROM LENGTH

if [ -f $P ]; then
    places >"$work/places"
    while read -r what from length; do cut_out $P "$from" "$length" >"$work/$what"; done <"$work/places"
    cmp -s $P "$work/whole" || fault "$P is not one signature in DER and nothing more"
    if [ -f "$work/named" ] && [ ! -f "$work/token" ]; then
        fault "the time-stamp is none"
    elif [ ! -f "$work/token" ] && [ -n "$tsa" ]; then
        fault "no time-stamp, though the authority of one was given"
    elif [ ! -f "$work/token" ]; then
        good "no time-stamp: the time of signing is what the signer says"
    elif [ -z "$tsa" ]; then
        good "a time-stamp, not checked: give TSA-CA.pem as the second argument"
    elif openssl ts -verify -token_in -in "$work/token" -data "$work/value" -CAfile "$tsa" -partial_chain >"$work/said" 2>&1; then
        time=$(openssl ts -reply -token_in -in "$work/token" -token_out -text 2>/dev/null | sed -n 's/^Time stamp: //p')
        good "time-stamp: $time"
    else
        fault "the time-stamp does not hold: $(tail -n 1 "$work/said")"
    fi
fi
if [ ! -f $P ]; then
    fault "not signed: there is no $P"
elif ! cms $P $T -noverify; then
    fault "the signature does not hold: $(head -n 1 "$work/said")"
elif [ -z "$ca" ]; then
    fault "the signature holds, but whose it is was not checked: give CA.pem as the first argument"
elif ! claimed >"$work/claimed" || ! read -r seconds time <"$work/claimed"; then
    fault "the signature says no time"
elif trusted $P $T "$work/signer.pem"; then
    good "signed by $(openssl x509 -in "$work/signer.pem" -noout -subject -nameopt RFC2253,utf8,-esc_msb)"
    good "$(openssl x509 -in "$work/signer.pem" -noout -fingerprint -sha256)"
    good "at $time, as the signer claims"
else
    fault "the signer is not trusted: $(head -n 1 "$work/said")"
fi

# 5. The report's own signature: over all of the file but the place where it stands, by the same signer.
# pdf_parts FILE: writes what it covers, and it itself; fails where it does not cover the file.
pdf_parts() {
    range=$(tr -c '[:print:]' '\n' <"$1" | sed -n 's/.*\/ByteRange\[0 \([0-9]* [0-9]* [0-9]*\) *\].*/\1/p' | tail -n 1)
    start=${range%% *} length=${range##* }
    end=${range#* } end=${end% *}
    [ -n "$range" ] && [ "$((end + length))" -eq "$(wc -c <"$1")" ] && [ "$start" -lt "$end" ] || return 1
    { head -c "$start" "$1" && cut_out "$1" "$end" "$length"; } >"$work/covered"
    cut_out "$1" "$start" "$((end - start))" >"$work/hole"
    # The DER in hexadecimal, up to the length that it states; then zeros alone.
    escapes=$(awk '
        function value(at) { return index("0123456789abcdef", substr($0, at, 1)) - 1 }
        function byte(at) { return value(at) * 16 + value(at + 1) }
        /^<3082[0-9a-f]*>$/ {
            last = 2 + 2 * (4 + byte(6) * 256 + byte(8))
            if (substr($0, last) !~ /^0*>$/) exit
            for (at = 2; at < last; at += 2) printf "\\0%03o", byte(at)
        }' "$work/hole")
    printf '%b' "$escapes" >"$work/own.p7s"
    [ -s "$work/own.p7s" ]
}
if [ -f data/report.pdf ] && [ -f "$work/signer.pem" ]; then
    if ! pdf_parts data/report.pdf; then
        fault "report.pdf: it has no signature of its own over the whole document"
    elif ! trusted "$work/own.p7s" "$work/covered" "$work/own.pem"; then
        fault "report.pdf: its own signature does not hold: $(head -n 1 "$work/said")"
    elif ! cmp -s "$work/signer.pem" "$work/own.pem"; then
        fault "report.pdf: it is signed by another than the bundle"
    else
        good "report.pdf carries a signature of its own, over the whole document"
    fi
fi

if [ $bad -eq 0 ]; then
    echo "OK: unchanged since the applicant signed. 서명 이후 변경되지 않았습니다."
else
    echo "NOT OK: see above. 위의 문제를 확인하십시오."
fi
exit $bad
