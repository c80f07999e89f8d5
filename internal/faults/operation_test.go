package faults

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// class is when an operation may be sent again.
type class uint8

const (
	never class = iota
	ifNotProcessed
	safe
)

func (c class) String() string { return [...]string{"never", "if not processed", "safe"}[c] }

// output is what a call does with the body of a success.
type output uint8

const (
	// decoded: the body is JSON that the caller gets.
	decoded output = iota
	// written: the body goes to the caller's writer.
	written
	// ignored: the status is the answer.
	ignored
)

// trait is what else tells operations apart when something fails.
type trait uint16

const (
	// ownToken: the call carries a token of its own, which nobody can renew.
	ownToken trait = 1 << iota
	// emptyOK: a success without a body is one.
	emptyOK
	// conflictOK: 409 says that what was asked for is there already.
	conflictOK
	// typed: a download that is refused where its content type is not the right one.
	typed
	// bodiless: a create that sends no body.
	bodiless
	// follows: a download that goes where it is sent.
	follows
	// second: 404 is followed by a request to another spelling of the path.
	second
	// identified: an answer without the id that was asked for or made is refused.
	identified
	// listed: the answer is a list of JSON.
	listed
	// signed: each request has a nonce of its own, so net/http may not repeat it by itself.
	signed
)

// operation is one of a vendor's operations and how to call it.
type operation struct {
	// vendor and name are those of testdata/operations; extra ones stand in no such list.
	vendor kyc.Vendor
	name   string
	extra  bool
	class  class
	output output
	traits trait
	// token marks the request for an access token itself, which is sent by the client.
	token bool
	// tokens tells whether the vendor's calls need an access token.
	tokens bool
	// call makes the call with valid arguments.
	call func(ctx context.Context, c any, opts ...kyc.Option) error
	// client returns a client that sends everything over the options' transport.
	client func(opts ...kyc.Option) (any, error)
	good   recorded
	// method is the HTTP method, as the first good call shows it.
	method string
	// after is the answer to the call that follows the request for a token.
	after recorded
}

func (o *operation) has(t trait) bool { return o.traits&t != 0 }

func (o *operation) String() string { return string(o.vendor) + " " + o.name }

// recorded is a vendor's good answer.
type recorded struct {
	status      int
	contentType string
	file        string // below testdata/fixtures
	text        string
}

var fixtures sync.Map

func (r recorded) body() []byte {
	if r.file == "" {
		return []byte(r.text)
	}
	if b, ok := fixtures.Load(r.file); ok {
		return b.([]byte)
	}
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "fixtures", filepath.FromSlash(r.file)))
	if err != nil {
		panic(err)
	}
	fixtures.Store(r.file, b)
	return b
}

// payload is the good body, or some JSON where the operation has none.
func (r recorded) payload() []byte {
	if b := r.body(); len(b) > 0 {
		return b
	}
	return []byte(`{"note":"nothing to see"}`)
}

func (r recorded) kind() string {
	if r.contentType == "" {
		return "application/json"
	}
	return r.contentType
}

func fixture(file string) recorded { return recorded{200, "application/json", file, ""} }
func created(file string) recorded { return recorded{201, "application/json", file, ""} }
func inline(text string) recorded  { return recorded{200, "application/json", "", text} }
func nothing() recorded            { return recorded{204, "", "", ""} }
func bytesOf(contentType, text string) recorded {
	return recorded{200, contentType, "", text}
}

// Values that no error may repeat. They stand in requests; those of answers are read from the answers.
const (
	personName   = "Wilhelmina Nachtigall"
	personNumber = "PN-4711-0815"
	clientID     = "client-id-of-the-tenant"
	clientSecret = "secret-of-the-tenant"
	tokenText    = "token-of-the-transaction"
	fileName     = "Wilhelmina-Nachtigall-passport.jpg"
	elsewhere    = "elsewhere.example"
)

var tokenNumber atomic.Int64

// newToken is the answer of a token endpoint, with another token each time.
func newToken() string {
	return `{"access_token":"access-token-` + strconv.FormatInt(tokenNumber.Add(1), 10) + `","token_type":"Bearer","expires_in":3600}`
}

var picture = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 800, 640)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
})

func photo() kyc.File { return kyc.FileBytes(fileName, "image/jpeg", picture()) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func only[T any](_ T, err error) error { return err }

// drain reads a list to its end or first error.
func drain[T any](list iter.Seq2[T, error]) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// bin takes downloads.
func bin() io.Writer { return io.Discard }

// operations are those of all vendors.
func operations() []*operation {
	var all []*operation
	all = append(all, jumioOperations()...)
	all = append(all, transmitOperations()...)
	all = append(all, diditOperations()...)
	all = append(all, yotiOperations()...)
	return all
}

// Every operation that a vendor's list calls done is in the matrix.
func TestOperationsAreComplete(t *testing.T) {
	have := map[string]bool{}
	for _, op := range operations() {
		if have[op.String()] {
			t.Errorf("%s stands here twice", op)
		}
		have[op.String()] = op.extra
	}
	for _, vendor := range []kyc.Vendor{kyc.Jumio, kyc.Transmit, kyc.Didit, kyc.Yoti} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "testdata", "operations", string(vendor)+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var list []struct{ Name, State string }
		if err := yaml.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			name := string(vendor) + " " + o.Name
			_, ok := have[name]
			if ok != (o.State == "done") {
				t.Errorf("%s is %s, in the matrix: %v", name, o.State, ok)
			}
			delete(have, name)
		}
	}
	for name, extra := range have {
		if !extra {
			t.Errorf("%s stands in no list of operations", name)
		}
	}
}
