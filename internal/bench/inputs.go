package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// seed makes all generated inputs the same on every machine.
const seed = 0x6b79632d676f

// root is the repository's.
var root = sync.OnceValue(func() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
})

// fixture returns a recorded payload without white space.
func fixture(name string) []byte {
	data, err := os.ReadFile(filepath.Join(root(), "testdata", "fixtures", filepath.FromSlash(name)))
	must(err)
	var b bytes.Buffer
	must(json.Compact(&b, data))
	return b.Bytes()
}

// inputs are the documents of the decode groups, in the order of the tables.
var inputs = sync.OnceValue(func() []input {
	user := fixture("didit/decision-user.json")
	return []input{
		{"didit_user", user},
		{"didit_business", fixture("didit/decision-business.json")},
		{"didit_aml_x10", manyHits(user, 10)},
		{"didit_aml_x100", manyHits(user, 100)},
		{"yoti_session", yotiSession()},
		{"jumio_retrieval", fixture("jumio/details-idiv-001.json")},
		{"transmit_result", fixture("transmit/result-check-risk-recommendation.json")},
	}
})

type input struct {
	name string
	data []byte
}

func inputNamed(name string) []byte {
	for _, in := range inputs() {
		if in.name == name {
			return in.data
		}
	}
	panic("no input " + name)
}

// manyHits repeats the hits of each AML screening n times.
func manyHits(decision []byte, n int) []byte {
	var doc map[string]json.RawMessage
	must(json.Unmarshal(decision, &doc))
	var screenings []map[string]json.RawMessage
	must(json.Unmarshal(doc["aml_screenings"], &screenings))
	found := false
	for _, s := range screenings {
		var hits []json.RawMessage
		must(json.Unmarshal(s["hits"], &hits))
		found = found || len(hits) > 0
		many := make([]json.RawMessage, 0, n*len(hits))
		for range n {
			many = append(many, hits...)
		}
		s["hits"] = marshal(many)
	}
	if !found {
		panic("the decision has no hits to repeat")
	}
	doc["aml_screenings"] = marshal(screenings)
	return marshal(doc)
}

// yotiSession joins two recorded sessions to one with documents, a liveness capture, a face and seven checks.
func yotiSession() []byte {
	var session, other map[string]json.RawMessage
	must(json.Unmarshal(fixture("yoti/session-recorded.json"), &session))
	must(json.Unmarshal(fixture("yoti/session-profile-done.json"), &other))
	for _, name := range []string{"resources"} {
		var mine, theirs map[string]json.RawMessage
		must(json.Unmarshal(session[name], &mine))
		must(json.Unmarshal(other[name], &theirs))
		for k, v := range theirs {
			if _, ok := mine[k]; !ok {
				mine[k] = v
			}
		}
		session[name] = marshal(mine)
	}
	var mine, theirs []json.RawMessage
	must(json.Unmarshal(session["checks"], &mine))
	must(json.Unmarshal(other["checks"], &theirs))
	session["checks"] = marshal(append(mine, theirs...))
	return marshal(session)
}

// notice returns a signed-notice body of about 40 KB: a decision, and what makes a canonical form hard: members out of
// order, escapes, letters outside ASCII, floats that are whole, and an integer above 2^53.
func notice(at int64) []byte {
	r := rand.New(rand.NewPCG(seed, 40))
	var b strings.Builder
	fmt.Fprintf(&b, `{"webhook_type":"status.updated","timestamp":%d,"session_id":"11111111-2222-4333-8444-555555555555","status":"Approved","created_at":%d,`, at, at)
	fmt.Fprintf(&b, `"decision":%s,"metadata":{"big":9007199254740993,"hard":[`, inputNamed("didit_user"))
	for i := 0; b.Len() < 39_700; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"zeta":%s,"name":"Zo\u00eb %s Müller 東京","alpha":"line\nbreak \"%d\" \/ tab\t","mid":{"y":%d.0,"x":%t,"b":null},"list":[%d,%d.50,"%x"]}`,
			strconv.FormatFloat(r.Float64()*100, 'f', 4, 64), strings.Repeat("x", r.IntN(30)), i, r.IntN(100), i%2 == 0, r.IntN(1000), r.IntN(100), r.Uint64())
	}
	b.WriteString(`]}}`)
	return []byte(b.String())
}

// image is a file of seeded random bytes that are computed where they are read: it holds no memory.
type image struct{ size int64 }

// ReadAt fills p with the bytes at off.
func (m image) ReadAt(p []byte, off int64) (int, error) {
	if off >= m.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), m.size-off))
	for i := 0; i < n; {
		at := off + int64(i)
		word := mix(uint64(at)/8 + seed)
		for shift := uint64(at) % 8; shift < 8 && i < n; shift++ {
			p[i] = byte(word >> (8 * shift))
			i++
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// mix is the output function of SplitMix64.
func mix(x uint64) uint64 {
	x *= 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func marshal(v any) []byte {
	b, err := json.Marshal(v)
	must(err)
	return b
}

// must ends the program: a benchmark that does not do what it says measures nothing.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
