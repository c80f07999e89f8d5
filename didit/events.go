package didit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"iter"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// EventType is the name of a notice. It is open: names that are new arrive too.
type EventType string

// The documented events.
const (
	// EventStatusUpdated: a session has another status.
	EventStatusUpdated EventType = "status.updated"
	// EventDataUpdated: a session's data were changed, by hand or by a watch.
	EventDataUpdated EventType = "data.updated"
	// EventUserStatusUpdated and EventUserDataUpdated are about a user as an entity.
	EventUserStatusUpdated EventType = "user.status.updated"
	EventUserDataUpdated   EventType = "user.data.updated"
	// EventBusinessStatusUpdated and EventBusinessDataUpdated are about a business as an entity.
	EventBusinessStatusUpdated EventType = "business.status.updated"
	EventBusinessDataUpdated   EventType = "business.data.updated"
	// EventActivityCreated is a reserved name that is not sent live.
	EventActivityCreated EventType = "activity.created"
	// EventTransactionCreated, EventTransactionStatusUpdated and EventTravelRuleStatusUpdated are about transactions.
	EventTransactionCreated       EventType = "transaction.created"
	EventTransactionStatusUpdated EventType = "transaction.status.updated"
	EventTravelRuleStatusUpdated  EventType = "travel_rule.status.updated"
	// EventRegistrySearchResolved answers a registry search. It is never signed; see [ParseRegistrySearch].
	EventRegistrySearchResolved EventType = "kyb.registry_search.resolved"
)

// Values returns the documented events.
func (EventType) Values() []EventType {
	return []EventType{
		EventStatusUpdated, EventDataUpdated, EventUserStatusUpdated, EventUserDataUpdated, EventBusinessStatusUpdated,
		EventBusinessDataUpdated, EventActivityCreated, EventTransactionCreated, EventTransactionStatusUpdated,
		EventTravelRuleStatusUpdated, EventRegistrySearchResolved,
	}
}

// Known reports whether t is a documented event.
func (t EventType) Known() bool { return slices.Contains(t.Values(), t) }

// Notice is the body of a notice: a *[SessionNotice], *[EntityNotice],
// *[ActivityNotice], *[TransactionNotice], *[RegistrySearchNotice], or
// *[OtherNotice] for an event that this package does not know.
type Notice interface {
	// Type is the notice's event.
	Type() EventType
	// RawJSON is the notice as it came.
	RawJSON() []byte

	notice()
}

// OtherNotice is a notice of an event that this package does not know.
type OtherNotice struct {
	kyc.Raw `json:"-"`
	// WebhookType is the name of the event.
	WebhookType string `json:"webhook_type,omitzero"`
	// Extra holds all other members.
	Extra map[string]json.RawMessage `json:",embed"`
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (n OtherNotice) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, n) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (n OtherNotice) LogValue() slog.Value { return kyc.LogRedacted(n) }

// Type returns the notice's event.
func (n *SessionNotice) Type() EventType { return EventType(n.WebhookType) }

// Type returns the notice's event.
func (n *EntityNotice) Type() EventType { return EventType(n.WebhookType) }

// Type returns the notice's event.
func (n *ActivityNotice) Type() EventType { return EventType(n.WebhookType) }

// Type returns the notice's event.
func (n *TransactionNotice) Type() EventType { return EventType(n.WebhookType) }

// Type returns the notice's event.
func (n *RegistrySearchNotice) Type() EventType { return EventType(n.WebhookType) }

// Type returns the notice's event.
func (n *OtherNotice) Type() EventType { return EventType(n.WebhookType) }

func (*SessionNotice) notice()        {}
func (*EntityNotice) notice()         {}
func (*ActivityNotice) notice()       {}
func (*TransactionNotice) notice()    {}
func (*RegistrySearchNotice) notice() {}
func (*OtherNotice) notice()          {}

// ReadNotice returns the typed body of an event that [VerifyWebhook] or
// [ParseRegistrySearch] gave. Where the event's signature did not cover it
// (see [SignatureSimple]), the decision is left out.
func ReadNotice(event kyc.Event) (Notice, error) {
	if event.Vendor != kyc.Didit {
		return nil, kyc.Invalid(kyc.Didit, "webhook.read", "the event is another vendor's")
	}
	n := newNotice(EventType(event.Type))
	if err := kyc.Unmarshal(event.Raw, n); err != nil {
		return nil, kyc.Malformed(kyc.Didit, "webhook.read", "the notice is not one complete JSON document", err)
	}
	if s, ok := n.(*SessionNotice); ok && event.Assurance < kyc.AssuranceSigned {
		s.Decision = nil
	}
	return n, nil
}

func newNotice(t EventType) Notice {
	switch t {
	case EventStatusUpdated, EventDataUpdated:
		return new(SessionNotice)
	case EventUserStatusUpdated, EventUserDataUpdated, EventBusinessStatusUpdated, EventBusinessDataUpdated:
		return new(EntityNotice)
	case EventActivityCreated:
		return new(ActivityNotice)
	case EventTransactionCreated, EventTransactionStatusUpdated, EventTravelRuleStatusUpdated:
		return new(TransactionNotice)
	case EventRegistrySearchResolved:
		return new(RegistrySearchNotice)
	default:
		return new(OtherNotice)
	}
}

// ParseRegistrySearch reads the answer to a registry search that was asked to
// call back. Nobody signs it, so the Event has [kyc.AssuranceNone]: match its
// request_id with one of your own searches, and believe nothing else of it. A
// notice of any other event is refused with [kyc.ErrUnauthorized].
func ParseRegistrySearch(header http.Header, body []byte) (kyc.Event, error) {
	if len(body) > maxNotice {
		return kyc.Event{}, kyc.Malformed(kyc.Didit, opWebhook, "the notice is longer than 4 MiB", nil)
	}
	if header.Get(headerUnsigned) != "true" {
		return kyc.Event{}, refused("the notice does not say that it is an unsigned one")
	}
	n, err := readEnvelope(body)
	if err != nil {
		return kyc.Event{}, err
	}
	if EventType(n.WebhookType) != EventRegistrySearchResolved {
		return kyc.Event{}, refused("only the answer to a registry search comes without a signature")
	}
	event := n.event(body)
	// Nobody vouches for a session that such a notice names.
	event.Ref = kyc.Ref{}
	return event, nil
}

// RegistrySearches returns the source of unsigned answers to registry
// searches, for [kyc.Handler]; see [ParseRegistrySearch].
func RegistrySearches() kyc.NoticeSource {
	return registrySearches{}
}

type registrySearches struct{}

// ParseNotice implements [kyc.NoticeSource].
func (registrySearches) ParseNotice(r *http.Request, body []byte) (kyc.Event, error) {
	return ParseRegistrySearch(r.Header, body)
}

// MaxNotice tells [kyc.Handler] how long a notice may be.
func (registrySearches) MaxNotice() int64 { return maxNotice }

// envelope is what all notices share.
type envelope struct {
	kyc.Raw           `json:"-"`
	EventID           string `json:"event_id"`
	WebhookType       string `json:"webhook_type"`
	Timestamp         *int64 `json:"timestamp"`
	CreatedAt         *int64 `json:"created_at"`
	SessionID         string `json:"session_id"`
	BusinessSessionID string `json:"business_session_id"`
	Status            string `json:"status"`
	RequestID         string `json:"request_id"`
	Environment       string `json:"environment"`

	Extra map[string]json.RawMessage `json:",embed"`
}

func readEnvelope(body []byte) (*envelope, error) {
	var n envelope
	if err := kyc.Unmarshal(body, &n); err != nil {
		return nil, kyc.Malformed(kyc.Didit, opWebhook, "the notice is not one complete JSON document", err)
	}
	if n.WebhookType == "" {
		return nil, kyc.Malformed(kyc.Didit, opWebhook, "the notice names no event", nil)
	}
	for name := range n.Extra {
		if name != "decision" && twin(name, "status", "session_id", "business_session_id", "webhook_type", "event_id", "decision", "environment") {
			return nil, kyc.Malformed(kyc.Didit, opWebhook, "a member that counts stands in the notice in another spelling", nil)
		}
	}
	return &n, nil
}

// simple is the text of X-Signature-Simple. All four values are the body's, and a missing one is empty.
func (n *envelope) simple() []byte {
	var at string
	if n.Timestamp != nil {
		at = strconv.FormatInt(*n.Timestamp, 10)
	}
	return []byte(at + ":" + n.SessionID + ":" + n.Status + ":" + n.WebhookType)
}

func (n *envelope) event(body []byte) kyc.Event {
	e := kyc.Event{Vendor: kyc.Didit, Type: n.WebhookType, Status: n.Status, ID: n.id(body), Raw: body}
	session := n.SessionID
	if session == "" {
		session = n.BusinessSessionID
	}
	if session != "" {
		e.Ref = kyc.Ref{Vendor: kyc.Didit, Session: session}
	}
	if n.CreatedAt != nil {
		e.OccurredAt = time.Unix(*n.CreatedAt, 0).UTC()
	}
	return e
}

// id is a digest of what a repeat leaves as it is. The vendor's pages disagree on event_id: it stays, or each attempt has
// another one. The moment of sending changes for sure, and created_at, the moment of the event, stays; the documents
// beside them are those of the event. A notice without that moment keeps what else tells it from the next of its kind,
// event_id or else the moment of sending: its repeats may run twice then, but no event is lost.
//
// The digest is of the canonical form, which is what X-Signature-V2 covers: over the bytes, somebody without the secret
// could spell a signed notice anew and have it taken for another event.
func (n *envelope) id(body []byte) string {
	w := canonicalWriters.Get().(*canonicalWriter)
	defer w.free()
	text, err := w.write(body)
	if err != nil {
		// Only the signature of the bytes themselves can have proved such a notice, and so they are its one spelling.
		var members map[string]json.RawMessage
		if kyc.Unmarshal(body, &members) != nil {
			return ""
		}
		if text, err = kyc.Marshal(members); err != nil {
			return ""
		}
	}
	created, event := n.CreatedAt != nil, n.EventID != ""
	sum := sha256.New()
	// The members are sorted, so created_at comes before those that it makes superfluous.
	for name, value := range topMembers(text) {
		switch string(name) {
		case `"created_at"`:
			// It counts as soon as it is a number, however written.
			if _, err := strconv.ParseInt(string(value), 10, 64); err == nil {
				created = true
			}
		case `"event_id"`:
			if created {
				continue
			}
		case `"timestamp"`:
			if created || event {
				continue
			}
		}
		sum.Write(name)
		sum.Write([]byte{':'})
		hashWithoutQueries(sum, value)
		sum.Write([]byte{','})
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)[:16])
}

// topMembers iterates over the members of a compact JSON object, each as it is written.
func topMembers(text []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for pos := 1; pos < len(text) && text[pos] == '"'; pos++ {
			name := text[pos:afterString(text, pos)]
			start := pos + len(name) + 1
			end, depth := start, 0
			for end < len(text) && (depth > 0 || text[end] != ',' && text[end] != '}') {
				switch text[end] {
				case '"':
					end = afterString(text, end)
					continue
				case '{', '[':
					depth++
				case '}', ']':
					depth--
				}
				end++
			}
			if start > end || !yield(name, text[start:end]) {
				return
			}
			pos = end
		}
	}
}

// afterString returns where the string that begins at pos is over.
func afterString(text []byte, pos int) int {
	for pos++; pos < len(text) && text[pos] != '"'; pos++ {
		if text[pos] == '\\' {
			pos++
		}
	}
	return min(pos+1, len(text))
}

// hashWithoutQueries cuts the queries off the addresses in a JSON text: links to media are signed for a short time, and may
// be signed anew for each attempt.
func hashWithoutQueries(sum hash.Hash, text []byte) {
	for from := 0; ; {
		next := bytes.Index(text[from:], []byte(`"http`))
		if next < 0 {
			sum.Write(text)
			return
		}
		open := from + next
		from = open + 1
		// A quote behind a backslash begins no string.
		if open > 0 && text[open-1] == '\\' {
			continue
		}
		end := afterString(text, open)
		value := text[open:end]
		if bytes.HasPrefix(value, []byte(`"https:`)) || bytes.HasPrefix(value, []byte(`"http:`)) {
			if query := bytes.IndexByte(value, '?'); query >= 0 {
				sum.Write(text[:open+query])
				text, from = text[end-1:], 0
			}
		}
	}
}
