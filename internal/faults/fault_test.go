package faults

import (
	"bufio"
	"context"
	"net"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// fault is one way to go wrong, and what is promised of a call that meets it.
type fault struct {
	name string
	// applies limits the fault to some operations; nil for all.
	applies func(op *operation) bool
	// kept lets the fault meet a connection that served a call before.
	kept bool
	// cold leaves out the call before, so that the client has no access token yet.
	cold bool

	// Each hook stands for one step; nil is the good behaviour.
	dial    func(ctx context.Context, addr string) error
	tls     func(far net.Conn)
	http2   func(n int) (kind byte, stream bool, payload []byte) // the frame that answers request n
	greet   func(c *clientConn, far net.Conn)
	first   func(c *clientConn, r *bufio.Reader)
	answer  func(x *exchange) bool
	onToken func(x *exchange) bool

	// context and options are the caller's.
	context func(ctx context.Context) (context.Context, context.CancelFunc)
	options []kyc.Option

	// processed tells that the vendor may have acted on a request that was answered so.
	processed bool
	// gap bounds the time between two requests of the call, zero for any.
	gap [2]time.Duration
	// want is what is promised.
	want func(op *operation) want
}

// want is what a call ends in and what the server saw of it.
type want struct {
	// kind is "ok", the text of a sentinel of package kyc, or that of a context's error.
	kind string
	// seen are the requests that reached the server, sent the attempts that the error names, where they differ.
	seen, sent int
	// foreign are requests to another host.
	foreign int
}

// attempts is the default of kyc.RetryPolicy.
const attempts = kyc.DefaultMaxAttempts

const fine = "ok"

var (
	notFound     = kyc.ErrNotFound.Error()
	unauthorized = kyc.ErrUnauthorized.Error()
	forbidden    = kyc.ErrForbidden.Error()
	invalid      = kyc.ErrInvalid.Error()
	conflict     = kyc.ErrConflict.Error()
	limited      = kyc.ErrRateLimited.Error()
	unavailable  = kyc.ErrUnavailable.Error()
	malformed    = kyc.ErrMalformed.Error()
	canceled     = context.Canceled.Error()
	late         = context.DeadlineExceeded.Error()
)

// once: sent once, whatever the class.
func once(kind string) func(*operation) want {
	return func(*operation) want { return want{kind: kind, seen: 1} }
}

// repeated: safe operations are sent again, others are not, since the vendor may have acted.
func repeated(kind string) func(*operation) want {
	return func(op *operation) want {
		if op.class == safe {
			return want{kind: kind, seen: attempts}
		}
		return want{kind: kind, seen: 1}
	}
}

// refused: the vendor says that it did not act, so creates are sent again too.
func refused(kind string) func(*operation) want {
	return func(op *operation) want {
		if op.class == never {
			return want{kind: kind, seen: 1}
		}
		return want{kind: kind, seen: attempts}
	}
}

// unreached: no connection was made; it is tried again where that is any use.
func unreached(again bool) func(*operation) want {
	return func(op *operation) want {
		if op.class == never || !again {
			return want{kind: unavailable, sent: 1}
		}
		return want{kind: unavailable, sent: attempts}
	}
}

// broken: the connection was there and failed before the server saw a request, in a way that proves nothing.
func broken() func(*operation) want {
	return func(op *operation) want {
		if op.class == safe {
			return want{kind: unavailable, sent: attempts}
		}
		return want{kind: unavailable, sent: 1}
	}
}

// damaged: an answer that fails while it is read. A download that has begun is not begun again.
func damaged(kind string) func(*operation) want {
	return func(op *operation) want {
		if op.output == written {
			return want{kind: kind, seen: 1}
		}
		return repeated(kind)(op)
	}
}

// content: a whole answer with the wrong contents, which matters to those that read it.
func content(kind string) func(*operation) want {
	return func(op *operation) want {
		if op.output == decoded {
			return want{kind: kind, seen: 1}
		}
		return want{kind: fine, seen: 1}
	}
}

// stalled: as w, except that all requests for one token share the time of one attempt.
func stalled(w func(*operation) want, seen int) func(*operation) want {
	return func(op *operation) want {
		if op.token {
			return want{kind: unavailable, seen: seen}
		}
		return w(op)
	}
}

// ofRequest: what the vendor says of the request. A token endpoint does not know what the caller asked for.
func ofRequest(kind string) func(*operation) want {
	return func(op *operation) want {
		if op.token {
			return want{kind: unavailable, seen: 1}
		}
		return want{kind: kind, seen: 1}
	}
}

// usesToken tells whether the call needs an access token first.
func usesToken(op *operation) bool { return op.tokens && !op.has(ownToken) && !op.token }

// faults are all rows of the matrix, in its order.
func faults() []*fault {
	var all []*fault
	all = append(all, networkFaults()...)
	all = append(all, http2Faults()...)
	all = append(all, bodyFaults()...)
	all = append(all, statusFaults()...)
	all = append(all, throttleFaults()...)
	all = append(all, redirectFaults()...)
	all = append(all, tokenFaults()...)
	return all
}
