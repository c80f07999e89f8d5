package transmit

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// EventCallback is the Type of the event that [ParseCallback] returns.
const EventCallback = "callback"

const opCallback = "callback.parse"

// ParseCallback reads the URL that the vendor sends the user's browser back
// to, and compares its state with the one that the caller kept for this
// browser, in constant time. The session id is read from sessionId and, where
// that is missing, from session_id: the vendor's pages disagree.
//
// Nothing in the URL is signed, so the event's Assurance is none, and it says
// nothing about the outcome. A person can bring a state of their own with the id
// of somebody else's session: compare Ref with the session that was opened for
// this user, then fetch its result. [States.ParseCallbackFor] does the comparison.
//
// An empty expected state is refused, since a comparison with it would prove
// nothing. A state must not be accepted twice; [States] sees to that too.
//
// The error matches [kyc.ErrUnauthorized] for a wrong or missing state,
// [kyc.ErrMalformed] for a URL without one session id, and [kyc.ErrInvalid] for
// an empty expected state.
func ParseCallback(callback *url.URL, state string) (kyc.Event, error) {
	if state == "" {
		return kyc.Event{}, kyc.Invalid(kyc.Transmit, opCallback, "the expected state is empty")
	}
	event, got, err := readCallback(callback)
	if err != nil {
		return kyc.Event{}, err
	}
	if subtle.ConstantTimeCompare([]byte(got), []byte(state)) != 1 {
		return kyc.Event{}, refusedState("the state is not the one that was sent")
	}
	return event, nil
}

// readCallback takes a callback apart without looking at the state's value.
func readCallback(callback *url.URL) (event kyc.Event, state string, err error) {
	bad := func(detail string) (kyc.Event, string, error) {
		return kyc.Event{}, "", kyc.Malformed(kyc.Transmit, opCallback, detail, nil)
	}
	if callback == nil {
		return bad("no URL")
	}
	query, err := url.ParseQuery(callback.RawQuery)
	if err != nil {
		return bad("the query does not parse")
	}
	ids := append(query["sessionId"], query["session_id"]...)
	if len(ids) == 0 || ids[0] == "" {
		return bad("no session id")
	}
	for _, id := range ids {
		if id != ids[0] {
			return bad("several session ids")
		}
	}
	states := query["state"]
	if len(states) > 1 {
		return bad("several states")
	}
	if len(states) == 0 || states[0] == "" {
		return kyc.Event{}, "", refusedState("no state")
	}
	return kyc.Event{
		Vendor: kyc.Transmit, Ref: kyc.Ref{Vendor: kyc.Transmit, Session: ids[0]}, Type: EventCallback, Assurance: kyc.AssuranceNone,
		ID: eventID(ids[0], states[0]), Raw: []byte(callback.RawQuery),
	}, states[0], nil
}

// eventID tells the returns of one session apart by their states, so that a stranger's return with the id of a session is
// not taken for the user's own. The state itself stays out of it: an ID may be stored.
func eventID(session, state string) string {
	sum := sha256.Sum256([]byte(state))
	return EventCallback + " " + session + " " + base64.RawURLEncoding.EncodeToString(sum[:16])
}

func refusedState(detail string) error {
	return &kyc.Error{Vendor: kyc.Transmit, Operation: opCallback, Kind: kyc.ErrUnauthorized, Detail: detail}
}

// States makes the state values of sessions and checks them when the browser
// returns: each is bound to a text of the caller's (the id of the browser's own
// login session, say), expires, and is good for one use. The zero value is not
// usable; see [NewStates].
//
// A state proves that the browser is the one that left, and nothing of the session
// id beside it, which is not known when the state is made. Keep the Ref of each
// session that is opened with the login that it is opened for, and give it to
// [States.ParseCallbackFor] or [States.SourceFor].
type States struct {
	key   []byte
	ttl   time.Duration
	store kyc.SeenStore
}

// DefaultStateTTL is how long a state is good for: as long as a user has at
// most to begin a session and to finish it.
const DefaultStateTTL = 10080*time.Minute + time.Hour

const (
	stateVersion = 1
	stateNonce   = 16
	stateHead    = 1 + 8 + stateNonce
)

// maxStates bounds the used states that a process remembers by default.
const maxStates = 1 << 20

// NewStates returns a maker and checker of states. key is a secret of at least
// 32 bytes, the same in every process that serves the callback. A ttl of zero
// means [DefaultStateTTL]. store remembers which states were used: one that the
// processes share, and that holds what it is given for the ttl at least; nil means
// the memory of this process.
func NewStates(key []byte, ttl time.Duration, store kyc.SeenStore) (*States, error) {
	switch {
	case len(key) < 32:
		return nil, kyc.Invalid(kyc.Transmit, "states.new", "the key has less than 32 bytes")
	case ttl < 0:
		return nil, kyc.Invalid(kyc.Transmit, "states.new", "the time to live is negative")
	}
	if ttl == 0 {
		ttl = DefaultStateTTL
	}
	if store == nil {
		store = &kyc.MemorySeen{Max: maxStates, TTL: ttl}
	}
	return &States{key: append([]byte(nil), key...), ttl: ttl, store: store}, nil
}

// New returns a state for [SessionRequest].State, bound to binding, which must
// not be empty and is not part of it.
func (s *States) New(binding string) (string, error) {
	if binding == "" {
		return "", kyc.Invalid(kyc.Transmit, "states.new", "the binding is empty")
	}
	head := make([]byte, stateHead, stateHead+sha256.Size)
	head[0] = stateVersion
	binary.BigEndian.PutUint64(head[1:], uint64(time.Now().Add(s.ttl).Unix()))
	// crypto/rand.Read never fails.
	_, _ = rand.Read(head[9:])
	return base64.RawURLEncoding.EncodeToString(append(head, s.sum(head, binding)...)), nil
}

// ParseCallback is [ParseCallback] for a state that New made for the same
// binding. It uses the state up. Whose session the id names is left to compare;
// ParseCallbackFor does it.
func (s *States) ParseCallback(ctx context.Context, callback *url.URL, binding string) (kyc.Event, error) {
	return s.parse(ctx, callback, expected{binding: binding, anySession: true})
}

// ParseCallbackFor is ParseCallback for a return with one of the sessions that
// were opened for this login. Another session, or none to compare with, is an
// error that matches [kyc.ErrUnauthorized], and the state is not used up.
func (s *States) ParseCallbackFor(ctx context.Context, callback *url.URL, binding string, sessions ...kyc.Ref) (kyc.Event, error) {
	return s.parse(ctx, callback, expected{binding: binding, sessions: sessions})
}

// expected is what a return is held against.
type expected struct {
	binding    string
	sessions   []kyc.Ref
	anySession bool
}

// opened tells whether a session is one of those that were opened for the login.
func (e expected) opened(ref kyc.Ref) bool {
	return e.anySession || slices.ContainsFunc(e.sessions, func(own kyc.Ref) bool {
		return checkRef(opCallback, own) == nil && own.Session == ref.Session
	})
}

func (s *States) parse(ctx context.Context, callback *url.URL, want expected) (kyc.Event, error) {
	event, settle, err := s.claim(ctx, callback, want)
	if err == nil {
		err = settle(ctx, nil)
	}
	if err != nil {
		return kyc.Event{}, err
	}
	return event, nil
}

// claim checks a callback and takes its state, which settle then uses up or gives back.
func (s *States) claim(ctx context.Context, callback *url.URL, want expected) (event kyc.Event, settle func(context.Context, error) error, err error) {
	event, name, err := s.check(callback, want)
	if err != nil {
		return kyc.Event{}, nil, err
	}
	first, err := s.store.Claim(ctx, name)
	if err != nil {
		return kyc.Event{}, nil, storeFault(err)
	}
	if !first {
		return kyc.Event{}, nil, refusedState("the state was used before")
	}
	return event, func(ctx context.Context, failed error) (err error) {
		if failed != nil {
			err = s.store.Release(ctx, name)
		} else if finisher, ok := s.store.(kyc.SeenFinisher); ok {
			err = finisher.Finish(ctx, name)
		}
		if err != nil {
			return storeFault(err)
		}
		return nil
	}, nil
}

func storeFault(err error) error {
	return &kyc.Error{
		Vendor: kyc.Transmit, Operation: opCallback, Kind: kyc.ErrUnavailable, Err: err, Detail: "the store of used states failed, or the state is in use now",
	}
}

// check returns the event of a callback, and the name under which its state is taken, from which it cannot be made again.
func (s *States) check(callback *url.URL, want expected) (event kyc.Event, name string, err error) {
	refuse := func(err error) (kyc.Event, string, error) { return kyc.Event{}, "", err }
	if want.binding == "" {
		return refuse(kyc.Invalid(kyc.Transmit, opCallback, "the binding is empty"))
	}
	event, state, err := readCallback(callback)
	if err != nil {
		return refuse(err)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(state)
	if err != nil || len(raw) != stateHead+sha256.Size || raw[0] != stateVersion {
		return refuse(refusedState("the state was not made here"))
	}
	if !hmac.Equal(raw[stateHead:], s.sum(raw[:stateHead], want.binding)) {
		return refuse(refusedState("the state was not made here for this binding"))
	}
	expires := time.Unix(int64(binary.BigEndian.Uint64(raw[1:])), 0)
	if !time.Now().Before(expires) {
		return refuse(refusedState("the state has expired"))
	}
	if !want.opened(event.Ref) {
		return refuse(refusedState("the session is none that was opened for this binding"))
	}
	return event, "transmit state " + base64.RawURLEncoding.EncodeToString(raw[:stateHead]), nil
}

// Source is the [kyc.NoticeSource] of the redirects that end at callback_url,
// for [kyc.Handler]: with kyc.WithAnswer the browser goes on to a page of the
// caller's. binding returns the text that the state was bound to, from the
// browser's own cookie for example. Whose session the id names is left to the
// callback to compare; SourceFor does it before the callback runs.
//
// Behind the Handler a state is claimed before the callback runs, and used up when
// the callback has succeeded: where it fails, the browser's reload is as good as
// the first return. A second return while the first is worked off is answered 500,
// and one after it 401. For that a store of the caller's must be able to Release;
// one for many processes is best a [kyc.SeenFinisher], with which a state survives
// the end of the process that had claimed it. Without the Handler, the source's
// ParseNotice uses the state up at once.
func (s *States) Source(binding func(*http.Request) string) kyc.NoticeSource {
	return redirects{s, func(r *http.Request) expected { return expected{binding: binding(r), anySession: true} }}
}

// SourceFor is Source for returns with one of the sessions that were opened for
// the browser's login: login returns what the state was bound to and the Refs of
// those sessions, as the caller stored them. Another session, or none to compare
// with, is answered 401 and the state is not used up.
func (s *States) SourceFor(login func(*http.Request) (binding string, sessions []kyc.Ref)) kyc.NoticeSource {
	return redirects{s, func(r *http.Request) expected {
		binding, sessions := login(r)
		return expected{binding: binding, sessions: sessions}
	}}
}

type redirects struct {
	states *States
	want   func(*http.Request) expected
}

// ParseNotice checks the state in the query and reads the session id.
func (r redirects) ParseNotice(req *http.Request, _ []byte) (kyc.Event, error) {
	return r.states.parse(req.Context(), req.URL, r.want(req))
}

// ClaimNotice is ParseNotice with a state that is used up when the notice was worked off.
func (r redirects) ClaimNotice(req *http.Request, _ []byte) (kyc.Event, func(context.Context, error) error, error) {
	return r.states.claim(req.Context(), req.URL, r.want(req))
}

// NoticeMethod is GET: the user's browser brings the notice.
func (redirects) NoticeMethod() string { return http.MethodGet }

func (s *States) sum(head []byte, binding string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("kyc-go transmit state"))
	// The head has a fixed length, so head and binding cannot run into each other.
	mac.Write(head)
	mac.Write([]byte(binding))
	return mac.Sum(nil)
}
