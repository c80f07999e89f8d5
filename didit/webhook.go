package didit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Headers of a notice.
const (
	headerSignature       = "X-Signature"
	headerSignatureV2     = "X-Signature-V2"
	headerSignatureSimple = "X-Signature-Simple"
	headerTimestamp       = "X-Timestamp"
	headerTest            = "X-Didit-Test-Webhook"
	headerUnsigned        = "X-Didit-Unsigned-Callback"
)

const (
	opWebhook = "webhook.verify"
	// defaultTolerance is how far the moment of sending may lie from now, either way.
	defaultTolerance = 300 * time.Second
	// maxNotice bounds what is hashed before anything is known of the sender.
	maxNotice = 4 << 20
)

// Signature says which of the vendor's signatures a notice is accepted by.
type Signature uint8

// The signatures. They can be combined, as in SignatureV2 | SignatureRaw.
const (
	// SignatureV2 is X-Signature-V2, over the notice's canonical form; it survives a framework that writes the JSON anew.
	//
	// Experimental: for notices with more than ASCII, since the pages disagree on how such text is signed; both forms are accepted.
	SignatureV2 Signature = 1 << iota
	// SignatureRaw is X-Signature, over the bytes as sent.
	SignatureRaw
	// SignatureSimple is X-Signature-Simple, over time stamp, session id, status and type only. It does not protect the
	// decision or anything else of the notice.
	SignatureSimple
)

// Verifier checks notices. Its zero value has no secret and refuses everything.
// It is a [kyc.NoticeSource] and safe for use by many goroutines.
type Verifier struct {
	// Secrets are the signing secrets of the destinations that post here, exactly as the console shows them. Each
	// destination has its own, and while one is replaced both belong here.
	Secrets []kyc.Secret
	// Accept names the signatures that count. Zero is SignatureV2 | SignatureRaw.
	Accept Signature
	// Tolerance is how far the moment of sending may lie from now, either way; zero is the vendor's 300 s.
	Tolerance time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Webhooks returns the source of an application's notices, for [kyc.Handler].
// Empty secrets are passed over, so that a place for the next one may be left
// open. Where no other is left, every notice is refused with [kyc.ErrInvalid]; the
// default logger is told at once.
func Webhooks(secrets ...kyc.Secret) Verifier {
	v := Verifier{Secrets: secrets}
	if len(v.secrets()) == 0 {
		slog.Warn("didit: no webhook secret is configured: every notice will be refused")
	}
	return v
}

// secrets are those that somebody else cannot know.
func (v Verifier) secrets() []kyc.Secret {
	if !slices.ContainsFunc(v.Secrets, isBlank) {
		return v.Secrets
	}
	return slices.DeleteFunc(slices.Clone(v.Secrets), isBlank)
}

func isBlank(s kyc.Secret) bool { return !hasText(s.Reveal()) }

// VerifyWebhook checks a notice against the secrets and reads it. header and
// body are the request's own; the body must be the bytes as they came. A notice
// that none of the secrets signed, that is too old or too far ahead, or that
// lacks a header, is an error matching [kyc.ErrUnauthorized]. One of more than
// 4 MiB is not looked at and gives [kyc.ErrMalformed].
//
// The Event's ID is a digest of what stays when a notice is sent again, in which
// event_id has no part, since the vendor's pages disagree on whether it stays.
// Repeats of one event have one ID. Two events have two, unless type, session,
// status, data and second are all the same. How the JSON is written plays no
// part. A notice without created_at keeps its event_id or, without that, its time
// stamp: a repeat of such a one may count as another event, which is better than
// losing one. The ID of a notice with the header of tests begins with "test:",
// since no signature covers that header.
//
// The Event's Test is set for a test delivery and for a notice of a sandbox
// application. A notice that has a member which counts in another spelling too, as
// "Status" beside "status", is an error matching [kyc.ErrMalformed].
//
// The Event is only a wake-up call: fetch the session and decide by that.
func VerifyWebhook(header http.Header, body []byte, secrets ...kyc.Secret) (kyc.Event, error) {
	return Verifier{Secrets: secrets}.Verify(header, body)
}

// ParseNotice is Verify for [kyc.Handler].
func (v Verifier) ParseNotice(r *http.Request, body []byte) (kyc.Event, error) {
	return v.Verify(r.Header, body)
}

// Verify checks a notice and reads it; see [VerifyWebhook]. An Event of a
// SignatureSimple has [kyc.AssuranceSharedSecret]: the sender knows the secret,
// but only type, status, session_id and time of sending are proved; its decision
// is not, nor is the session of a company, which stands in another member: Ref is
// empty then, as is OccurredAt. Its ID is made of those alone. The time is that of
// sending, so that a repeat is another event: work that must not be done twice
// needs a signature of the whole.
func (v Verifier) Verify(header http.Header, body []byte) (kyc.Event, error) {
	signed, err := v.Check(header, body)
	if err != nil {
		return kyc.Event{}, err
	}
	notice, err := readEnvelope(body)
	if err != nil {
		return kyc.Event{}, err
	}
	if signed == SignatureSimple {
		// Members that it does not cover may be anybody's.
		notice.BusinessSessionID, notice.CreatedAt, notice.Environment = "", nil, ""
	}
	if err := v.fresh(header, notice); err != nil {
		return kyc.Event{}, err
	}
	event := notice.event(body)
	event.Assurance = kyc.AssuranceSigned
	event.Test = equalASCII(notice.Environment, string(EnvironmentSandbox))
	if signed == SignatureSimple {
		event.Assurance = kyc.AssuranceSharedSecret
		// The id must not be one that somebody else can choose, or a forged notice could pass for a later one.
		sum := sha256.Sum256(notice.simple())
		event.ID = "simple:" + hex.EncodeToString(sum[:16])
	}
	if header.Get(headerTest) == "true" {
		// No signature covers the header: a notice that somebody sends again with it must not pass for the genuine one.
		event.Test, event.ID = true, "test:"+event.ID
	}
	return event, nil
}

// MaxNotice tells [kyc.Handler] how long a notice may be. It holds the whole
// decision, and the vendor does not repeat one that is refused as too long.
func (v Verifier) MaxNotice() int64 { return maxNotice }

// Check returns the signature that proves the notice, without reading the notice
// and without looking at its age: Verify does both.
func (v Verifier) Check(header http.Header, body []byte) (Signature, error) {
	if v.Secrets = v.secrets(); len(v.Secrets) == 0 {
		return 0, kyc.Invalid(kyc.Didit, opWebhook, "no webhook secret is configured")
	}
	if len(body) > maxNotice {
		return 0, kyc.Malformed(kyc.Didit, opWebhook, "the notice is longer than 4 MiB", nil)
	}
	accept := v.Accept
	if accept == 0 {
		accept = SignatureV2 | SignatureRaw
	}
	// The bytes as they are cost a quarter of the canonical form, and either proves the same.
	if sum, ok := signature(header, headerSignature); ok && accept&SignatureRaw != 0 && v.signs(sum, body) {
		return SignatureRaw, nil
	}
	if sum, ok := signature(header, headerSignatureV2); ok && accept&SignatureV2 != 0 && v.signsCanonical(sum, body) {
		return SignatureV2, nil
	}
	if sum, ok := signature(header, headerSignatureSimple); ok && accept&SignatureSimple != 0 {
		if n, err := readEnvelope(body); err == nil && v.signs(sum, n.simple()) {
			return SignatureSimple, nil
		}
	}
	return 0, refused("no accepted signature of a configured secret: check the secret of this destination, and that the body is the bytes as they came")
}

func refused(detail string) error {
	return &kyc.Error{Vendor: kyc.Didit, Operation: opWebhook, Kind: kyc.ErrUnauthorized, Detail: detail}
}

// signature reads a header that must stand there once and hold 64 lower-case hexadecimal digits.
func signature(header http.Header, name string) (sum [sha256.Size]byte, ok bool) {
	values := header.Values(name)
	if len(values) != 1 || len(values[0]) != 2*sha256.Size || strings.ToLower(values[0]) != values[0] {
		return sum, false
	}
	_, err := hex.Decode(sum[:], []byte(values[0]))
	return sum, err == nil
}

// signs tries every secret, whichever fits: how long it takes says nothing of which.
func (v Verifier) signs(sum [sha256.Size]byte, text []byte) bool {
	found := false
	for _, s := range v.Secrets {
		mac := hmac.New(sha256.New, []byte(s.Reveal()))
		mac.Write(text)
		found = hmac.Equal(mac.Sum(nil), sum[:]) || found
	}
	return found
}

// signsCanonical tries the documented form, and the one with everything but ASCII escaped: the vendor's pages disagree,
// and without the key neither can be forged.
func (v Verifier) signsCanonical(sum [sha256.Size]byte, body []byte) bool {
	w := canonicalWriters.Get().(*canonicalWriter)
	defer w.free()
	text, err := w.write(body)
	if err != nil {
		return false
	}
	if v.signs(sum, text) {
		return true
	}
	escaped := escapeCanonical(text)
	return len(escaped) != len(text) && v.signs(sum, escaped)
}

// fresh checks both moments of sending. The header is outside every signature but the simple one's counterpart in the
// body, which is inside all of them.
func (v Verifier) fresh(header http.Header, n *envelope) error {
	values := header.Values(headerTimestamp)
	if len(values) != 1 {
		return refused("the X-Timestamp header is missing or repeated")
	}
	at, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil || !v.near(at) {
		return refused("the X-Timestamp header is not within the tolerance of now: check the clock")
	}
	sent := n.Timestamp
	if sent == nil && header.Get(headerTest) == "true" {
		// The console's probe may have no time stamp; it is made when it is sent.
		sent = n.CreatedAt
	}
	if sent == nil || !v.near(*sent) {
		return refused("the notice's own time stamp is missing or not within the tolerance of now")
	}
	return nil
}

func (v Verifier) near(unix int64) bool {
	tolerance := v.Tolerance
	if tolerance <= 0 {
		tolerance = defaultTolerance
	}
	now := time.Now
	if v.Now != nil {
		now = v.Now
	}
	// Seconds, not durations: a far moment would overflow those.
	limit, n := int64(tolerance/time.Second), now().Unix()
	return unix >= n-limit && unix <= n+limit
}

// SignWebhook returns the headers with which the vendor would send a notice at
// the given moment, for tests of a handler. The notice's own member timestamp
// should hold the same moment.
func SignWebhook(secret kyc.Secret, body []byte, at time.Time) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "DiditWebhook/2.0 +https://didit.me")
	h.Set(headerTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(headerSignature, sign(secret, body))
	if text, err := canonicalJSON(body); err == nil {
		h.Set(headerSignatureV2, sign(secret, text))
	}
	if n, err := readEnvelope(body); err == nil {
		h.Set(headerSignatureSimple, sign(secret, n.simple()))
	}
	return h
}

func sign(secret kyc.Secret, text []byte) string {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (v Verifier) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, v) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (v Verifier) LogValue() slog.Value { return kyc.LogRedacted(v) }
