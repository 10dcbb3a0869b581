#!/bin/sh
# From a model card to a published, analysed and discussed release entry, by API token: curl, and python3 for JSON.
#
# Needs in the environment:
#   BASE       the site, such as https://daylight.example
#   TOKEN      a token with scope "write": page "Settings and tokens", or `manage.py issue_token HANDLE --scope write`
#   CARD       a model card in Markdown
#   SAMPLES    generated texts, JSON Lines: {"id": "1", "text": "…"}
#   REFERENCE  texts of the same sort written by people, JSON Lines
# May be set:
#   LAB (my-lab), LAB_NAME (My lab), HOMEPAGE     the lab; registered if it is not there yet
#   SLUG (from the card's file name), TITLE       the entry
#   KEY ($LAB-$SLUG)                              begins every Idempotency-Key
#   WAIT (600)                                    seconds to wait for the analyses
#
#   BASE=http://127.0.0.1:8000 TOKEN=… CARD=card.md SAMPLES=generated.jsonl REFERENCE=human.jsonl sh from-card-to-entry.sh
#
# Every POST carries an Idempotency-Key, so after a lost connection run it again: what was done is not done twice.
# Texts below are examples; put your own words there. Everything published is visible to everyone and stays.
# Ends with 0 when both analyses succeeded. The last lines name the pages.
set -eu

for name in BASE TOKEN CARD SAMPLES REFERENCE; do
    eval "value=\${$name:-}"
    [ -n "$value" ] || { echo "Set $name; the head of this script says what it is." >&2; exit 2; }
done
for file in "$CARD" "$SAMPLES" "$REFERENCE"; do
    [ -r "$file" ] || { echo "$file cannot be read." >&2; exit 2; }
done
BASE=${BASE%/}
LAB=${LAB:-my-lab}
SLUG=${SLUG:-$(basename "$CARD" .md | tr 'A-Z' 'a-z' | tr -cs 'a-z0-9' '-' | cut -c1-50 | sed 's/^-*//; s/-*$//')}
TITLE=${TITLE:-$SLUG}
KEY=${KEY:-$LAB-$SLUG}
WAIT=${WAIT:-600}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# The token stands in a file that only you can read: arguments of a command are visible to others on the machine.
umask 077
printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" > "$work/curlrc"

# ask METHOD PATH [curl options…]: the body of the answer; a refusal ends the script with its reason.
ask() {
    method=$1 path=$2
    shift 2
    status=$(curl --config "$work/curlrc" --silent --show-error --max-time 120 --retry 3 --request "$method" \
        --output "$work/answer" --write-out '%{http_code}' "$@" "$BASE/api/v1/$path") || exit 1
    case $status in
        2*) cat "$work/answer" ;;
        *)  echo "$method $path was refused ($status):" >&2
            cat "$work/answer" >&2
            echo >&2
            exit 1 ;;
    esac
}

# post KEY PATH JSON: done once for each key, however often it is asked.
post() {
    ask POST "$2" -H "Idempotency-Key: $KEY-$1" -H 'Content-Type: application/json' --data-binary "$3"
}

# upload KEY KIND FILE: the id of the stored file.
upload() {
    ask POST files -H "Idempotency-Key: $KEY-$1" -F "kind=$2" -F "file=@$3" > "$work/file"
    field id < "$work/file"
}

# field PATH: one value out of the JSON on standard input, such as "id" or "results.0.id".
field() {
    python3 -c '
import json, sys
value = json.load(sys.stdin)
for step in sys.argv[1].split("."):
    value = value[int(step) if step.isdigit() else step]
print(value)' "$1"
}

# json NAME VALUE…: an object of strings, safely quoted; a value after NAME:= is JSON itself.
json() {
    python3 -c '
import json, sys
pairs = zip(sys.argv[1::2], sys.argv[2::2])
print(json.dumps({n.removesuffix(":="): json.loads(v) if n.endswith(":=") else v for n, v in pairs}))' "$@"
}

# wait_for RUN: until it ended; its page is named where it failed.
wait_for() {
    deadline=$(($(date +%s) + WAIT))
    while :; do
        ask GET "runs/$1" > "$work/run"
        state=$(field status < "$work/run")
        case $state in
            succeeded) echo "  run $1: $(field analysis < "$work/run") succeeded"; return ;;
            failed | cancelled) echo "Run $1 $state: $(field error < "$work/run") $BASE/runs/$1/" >&2; exit 1 ;;
        esac
        [ "$(date +%s)" -lt "$deadline" ] || { echo "Run $1 is still $state after $WAIT s: $BASE/runs/$1/" >&2; exit 1; }
        sleep 2
    done
}

echo "1. The lab $LAB."
known=$(curl --silent --output /dev/null --write-out '%{http_code}' "$BASE/api/v1/labs/$LAB")
[ "$known" = 200 ] || post lab labs "$(json slug "$LAB" name "${LAB_NAME:-My lab}" homepage "${HOMEPAGE:-}")" > /dev/null

echo "2. A draft of the entry $LAB/$SLUG."
stages='[{"date": "2024-03-01", "date_precision": "day", "status": "effective", "title": "Release",
  "rationale": "The model is small, and much larger ones can be had already.",
  "components": [
    {"component": "weights_final", "mode": "downloadable", "gate": "none", "audience": "public", "licence": "apache-2.0"},
    {"component": "training_data", "mode": "fully_closed", "note": "The texts are not ours to pass on."}]}]'
post draft releases "$(json lab "$LAB" slug "$SLUG" title "$TITLE" \
    summary 'The weights are released to everyone; the training data are described and not released.' \
    rationale 'We weighed what others gain from the weights against what the model could be used for.' \
    artefact:= '{"kind": "model", "variants": []}' stages:= "$stages")" > /dev/null

echo "3. The model card."
card=$(upload card model_card "$CARD")
ask PUT "releases/$LAB/$SLUG/model-card" -H 'Content-Type: application/json' \
    --data-binary "$(json file:= "$card")" > /dev/null

echo "4. Publication, visible to everyone."
post publication "releases/$LAB/$SLUG/publication" "$(json justification 'First publication.')" > "$work/revision"
echo "  revision $(field number < "$work/revision"), $(field digest < "$work/revision")"

echo "5. What the lab says about three clauses of N-1."
# declare CLAUSE STANCE REASON
declare_clause() {
    post "clause-$1" declarations "$(json release "$LAB/$SLUG" clause "N-1/$1" stance "$2" reason "$3")" > /dev/null
}
declare_clause 1 adheres 'See the rationale of the entry.'
declare_clause 2 partly 'For the weights, not for the data.'
declare_clause 3 planned 'Within three months of publication.'

echo "6. Samples and reference texts, and the question whether they can be told apart."
samples=$(upload samples samples "$SAMPLES")
reference=$(upload reference reference "$REFERENCE")
# Which roles an analysis takes is said on its form and in docs/analyses/.
post detection "releases/$LAB/$SLUG/runs" \
    "$(json analysis detection inputs:= "{\"generated\": $samples, \"human\": $reference}")" > "$work/detection"
detection=$(field id < "$work/detection")

echo "7. Waiting for both analyses."
# Attaching a card asks for its analysis by itself.
ask GET "runs?release=$LAB/$SLUG&analysis=model_card" > "$work/runs"
wait_for "$(field results.0.id < "$work/runs")"
wait_for "$detection"

echo "8. A discussion."
post thread threads "$(json subject "release:$LAB/$SLUG" title 'What do you miss in this entry?' \
    body 'The card and two analyses stand on the entry. Tell us what is unclear.')" > "$work/thread"
thread=$(field id < "$work/thread")
ask GET "comments?thread=$thread&limit=1" > "$work/comments"
first=$(field results.0.id < "$work/comments")
post reply comments "$(json thread:= "$thread" parent:= "$first" \
    body 'The decoding settings of the samples will folow.')" > "$work/reply"
reply=$(field id < "$work/reply")
# An edit keeps the earlier text in the comment's history.
ask PATCH "comments/$reply" -H 'Content-Type: application/json' \
    --data-binary "$(json body 'The decoding settings of the samples will follow.')" > /dev/null

echo
echo "entry:      $BASE/releases/$LAB/$SLUG/"
echo "detection:  $BASE/runs/$detection/"
echo "discussion: $BASE/t/$thread/"
