package transmit

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// EventsService reads the stream of what happened to all sessions of the
// tenant, the only notice of this vendor that reaches a backend. Collecting is
// started once, a stream is opened once for each reader, and the stream is read
// as often as the reader likes: the vendor keeps a day.
//
// An event is a notice, not a decision: fetch the session's result.
type EventsService struct {
	client *Client
	path   string
	auth   transport.Authorizer
}

const (
	eventType    = "verify"
	maxBatch     = 1000
	defaultBatch = 100
	// standstill is how many equal answers running make a stream that does not move on. Equal events may follow one
	// another: they have no id, and their time can be the same.
	standstill = 10
)

// Start begins to collect events. Doing so twice is fine.
func (s *EventsService) Start(ctx context.Context, opts ...kyc.Option) error {
	_, err := s.send(ctx, transport.Call{Operation: safe("events.start"), Method: http.MethodPut, AllowStatus: exists}, "/activities/start-collect", nil, opts)
	return err
}

// Stop ends collecting and closes every stream.
func (s *EventsService) Stop(ctx context.Context, opts ...kyc.Option) error {
	_, err := s.send(ctx, transport.Call{Operation: safe("events.stop"), Method: http.MethodDelete}, "/activities/stop-collect", nil, opts)
	return err
}

// Open opens a stream under an id of the caller's choice, without blanks. One
// that is open already stays as it is. With Enrichment the events carry private
// data.
func (s *EventsService) Open(ctx context.Context, streamID string, req EventStreamRequest, opts ...kyc.Option) error {
	call := transport.Call{Operation: safe("events.open"), Method: http.MethodPut, AllowStatus: exists}
	if err := checkStream(call.Operation.Name, streamID); err != nil {
		return err
	}
	if req.Enrichment != nil || len(req.Extra) > 0 {
		body, err := jsonBody(call.Operation.Name, req)
		if err != nil {
			return err
		}
		call.Body = body
	}
	_, err := s.send(ctx, call, "/activities/stream", url.Values{"stream_id": {streamID}}, opts)
	return err
}

// Close closes a stream.
func (s *EventsService) Close(ctx context.Context, streamID string, opts ...kyc.Option) error {
	call := transport.Call{Operation: safe("events.close"), Method: http.MethodDelete}
	if err := checkStream(call.Operation.Name, streamID); err != nil {
		return err
	}
	_, err := s.send(ctx, call, "/activities/stream", url.Values{"stream_id": {streamID}}, opts)
	return err
}

// EventsQuery says how a stream is read.
type EventsQuery struct {
	// BatchSize is how many events are taken at once: 1 to 1000, 100 where it is zero.
	BatchSize int
	// Follow is the pause after an empty batch. Zero ends the sequence there; else it ends with the context only.
	Follow time.Duration
}

// Read takes events off a stream, batch by batch, oldest first as far as the
// vendor keeps to it. An error is the last pair.
//
// Taking a batch moves the stream on, so a batch is asked for again only where
// the vendor surely did nothing, and the events of a batch behind a break are
// gone: read a batch to its end, or set BatchSize to 1. For the same reason all
// events of a batch that can be read come before the error about those that
// cannot; it matches [kyc.ErrMalformed], and its Body is a list of what they were.
// Reading again goes on behind them. A stream that gives the same batch ten times
// running ends with such an error too, after the tenth.
func (s *EventsService) Read(ctx context.Context, streamID string, query EventsQuery, opts ...kyc.Option) iter.Seq2[*StreamEvent, error] {
	return func(yield func(*StreamEvent, error) bool) {
		op := create("events.read")
		if err := checkStream(op.Name, streamID); err != nil {
			yield(nil, err)
			return
		}
		size := query.BatchSize
		if size == 0 {
			size = defaultBatch
		}
		if size < 1 || size > maxBatch || query.Follow < 0 {
			yield(nil, kyc.Invalid(kyc.Transmit, op.Name, "BatchSize is not between 1 and 1000, or Follow is negative"))
			return
		}
		params := url.Values{"stream_id": {streamID}, "batch_size": {strconv.Itoa(size)}}
		var last []byte
		same := 0
		for {
			// The answer is taken apart here: one event that does not decode must not cost the others of its batch.
			answer, err := s.send(ctx, transport.Call{Operation: op, Method: http.MethodPost}, "/activities/collect", params, opts)
			if err != nil {
				yield(nil, err)
				return
			}
			batch, broken := split(answer.Body)
			if len(batch) == 0 && broken == nil {
				if query.Follow == 0 {
					return
				}
				last, same = nil, 0
				if err := pause(ctx, query.Follow); err != nil {
					yield(nil, &kyc.Error{Vendor: kyc.Transmit, Operation: op.Name, Err: err})
					return
				}
				continue
			}
			if !bytes.Equal(last, answer.Body) {
				last, same = answer.Body, 0
			}
			same++
			var bad []jsontext.Value
			for _, raw := range batch {
				event := new(StreamEvent)
				if err := kyc.Unmarshal(raw, event); err != nil {
					bad, broken = append(bad, raw), cmp.Or(broken, err)
					continue
				}
				if !yield(event, nil) {
					return
				}
			}
			switch {
			case broken != nil:
				yield(nil, unreadable(answer, op.Name, bad, broken))
				return
			case same == standstill:
				yield(nil, answer.Malformed(kyc.Transmit, op.Name, "the stream gives the same events again and again"))
				return
			}
		}
	}
}

// split takes a list of events apart. It looks at the form of the list only, and returns what stands in front of a
// fault with it. An empty answer is an empty list.
func split(body []byte) (events []jsontext.Value, err error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if d.PeekKind() != '[' {
		return nil, errNoList
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, errBroken
	}
	for d.PeekKind() != ']' {
		one, err := d.ReadValue()
		if err != nil {
			return events, errBroken
		}
		events = append(events, one.Clone())
	}
	if _, err := d.ReadToken(); err != nil {
		return events, errBroken
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return events, errMore
	}
	return events, nil
}

// The decoder's own errors quote what it read, which may be personal.
var (
	errNoList = errors.New("the answer is not a list")
	errBroken = errors.New("the list is no JSON, or ends too early")
	errMore   = errors.New("more stands behind the list")
)

// unreadable is the error about a batch of which bad do not decode, or whose list is itself at fault.
func unreadable(answer *transport.Answer, operation string, bad []jsontext.Value, cause error) error {
	detail := "the answer is not one complete list of events"
	if len(bad) > 0 {
		detail = "an event does not decode; the others of its batch were delivered"
	}
	e := answer.Malformed(kyc.Transmit, operation, detail)
	e.Err = cause
	if len(bad) > 0 {
		// The stream has moved on, so nobody else will ever see them.
		list := []byte{'['}
		for i, raw := range bad {
			if i > 0 {
				list = append(list, ',')
			}
			list = append(list, raw...)
		}
		e.WithBody(append(list, ']'))
	}
	return e
}

// Event returns the event in the shared terms, with the session that it is
// about. Nothing in it is signed, and it does not decide.
func (e *StreamEvent) Event() kyc.Event {
	out := kyc.Event{Vendor: kyc.Transmit, Type: string(e.Activity), Raw: e.RawJSON()}
	if p := e.AdditionalParams; p != nil && p.SessionID != "" {
		out.Ref = kyc.Ref{Vendor: kyc.Transmit, Session: p.SessionID}
		out.Status = p.Result
	}
	if at, err := e.Timestamp.Time(); err == nil {
		out.OccurredAt = at
	}
	return out
}

func (s *EventsService) send(ctx context.Context, call transport.Call, path string, query url.Values, opts []kyc.Option) (*transport.Answer, error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("type", eventType)
	call.Base, call.Path, call.Query = s.client.root, s.path+path, query.Encode()
	call.Auth, call.Limiter = s.auth, s.client.limiter
	return s.client.http.Do(ctx, call, opts...)
}

// exists takes the vendor's word that something was there before for a success.
func exists(status int) bool { return status == http.StatusConflict }

func checkStream(operation, id string) error {
	if id == "" || strings.IndexFunc(id, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) >= 0 {
		return kyc.Invalid(kyc.Transmit, operation, "the stream id is empty or has blanks")
	}
	return nil
}

// pause waits, or ends with the context.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
