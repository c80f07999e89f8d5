package didit

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"strconv"
)

var errCanonical = errors.New("didit: the notice has no canonical form")

const (
	canonicalDepth = 512
	// canonicalGrowth bounds what a short notice can make of itself before its signature is known: 1e308 has 309 digits.
	canonicalGrowth = 4
)

// canonicalJSON returns the text over which X-Signature-V2 is computed: no white space, members sorted by name, a
// float without a fraction as an integer, every other number as it stands. With ascii set, what is not ASCII is
// escaped; otherwise only quotes, backslashes and control characters are. Of a name given twice the last counts, as
// with the sender; whether such a notice is acceptable is decided elsewhere.
func canonicalJSON(src []byte, ascii bool) ([]byte, error) {
	w := canonicalWriter{
		src: src, out: make([]byte, 0, len(src)+len(src)/8), ascii: ascii, limit: canonicalGrowth*len(src) + 4096, members: make([]member, 0, 64),
	}
	w.space()
	if err := w.value(0); err != nil {
		return nil, err
	}
	w.space()
	if w.pos != len(src) {
		return nil, errCanonical
	}
	return w.out, nil
}

// canonicalWriter reads src once and writes in order of arrival; an object's members are moved only where they did not
// arrive sorted.
type canonicalWriter struct {
	src   []byte
	pos   int
	out   []byte
	ascii bool
	limit int

	members []member // of the objects that are open, the innermost last
	names   []byte   // the names that are written with escapes, without them
	spare   []byte   // room to put members in order
}

func (w *canonicalWriter) peek() byte {
	if w.pos < len(w.src) {
		return w.src[w.pos]
	}
	return 0
}

func (w *canonicalWriter) space() {
	for w.pos < len(w.src) {
		switch w.src[w.pos] {
		case ' ', '\t', '\r', '\n':
			w.pos++
		default:
			return
		}
	}
}

func (w *canonicalWriter) value(depth int) error {
	if depth > canonicalDepth || len(w.out) > w.limit {
		return errCanonical
	}
	switch c := w.peek(); c {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		_, err := w.text(false)
		return err
	case 't':
		return w.literal("true")
	case 'f':
		return w.literal("false")
	case 'n':
		return w.literal("null")
	default:
		return w.number()
	}
}

func (w *canonicalWriter) literal(word string) error {
	if !bytes.HasPrefix(w.src[w.pos:], []byte(word)) {
		return errCanonical
	}
	w.pos += len(word)
	w.out = append(w.out, word...)
	return nil
}

func (w *canonicalWriter) array(depth int) error {
	w.pos++
	w.out = append(w.out, '[')
	w.space()
	if w.peek() == ']' {
		w.pos++
		w.out = append(w.out, ']')
		return nil
	}
	for {
		w.space()
		if err := w.value(depth + 1); err != nil {
			return err
		}
		w.space()
		switch w.peek() {
		case ',':
			w.pos++
			w.out = append(w.out, ',')
		case ']':
			w.pos++
			w.out = append(w.out, ']')
			return nil
		default:
			return errCanonical
		}
	}
}

// name is where a member's name stands: in src or, where it has escapes there, in names. Indices in place of strings
// keep the sorting free of the garbage collector; a notice is far shorter than they reach.
type name struct {
	start, end int32
	escaped    bool
}

// member is an object's member: its name, and where it lies in the output, name and value.
type member struct {
	name       name
	start, end int32
}

func (w *canonicalWriter) name(n name) []byte {
	if n.escaped {
		return w.names[n.start:n.end]
	}
	return w.src[n.start:n.end]
}

// compare orders by bytes: that order of UTF-8 and the order of code points are the same.
func (w *canonicalWriter) compare(a, b member) int {
	return bytes.Compare(w.name(a.name), w.name(b.name))
}

func (w *canonicalWriter) object(depth int) error {
	w.pos++
	w.out = append(w.out, '{')
	w.space()
	if w.peek() == '}' {
		w.pos++
		w.out = append(w.out, '}')
		return nil
	}
	first, outer, sorted := len(w.out), len(w.members), true
	for {
		w.space()
		if w.peek() != '"' {
			return errCanonical
		}
		m := member{start: int32(len(w.out))}
		var err error
		if m.name, err = w.text(true); err != nil {
			return err
		}
		w.space()
		if w.peek() != ':' {
			return errCanonical
		}
		w.pos++
		w.out = append(w.out, ':')
		w.space()
		if err := w.value(depth + 1); err != nil {
			return err
		}
		m.end = int32(len(w.out))
		if n := len(w.members); n > outer {
			sorted = sorted && bytes.Compare(w.name(w.members[n-1].name), w.name(m.name)) < 0
		}
		w.members = append(w.members, m)
		w.space()
		switch w.peek() {
		case ',':
			w.pos++
			w.out = append(w.out, ',')
		case '}':
			w.pos++
			if !sorted {
				w.sort(w.members[outer:], first)
			}
			w.members = w.members[:outer]
			w.out = append(w.out, '}')
			return nil
		default:
			return errCanonical
		}
	}
}

func (w *canonicalWriter) sort(members []member, first int) {
	slices.SortFunc(members, w.compare)
	if w.spare == nil {
		w.spare = make([]byte, 0, cap(w.out))
	}
	moved := w.spare[:0]
	for i, m := range members {
		if i+1 < len(members) && bytes.Equal(w.name(members[i+1].name), w.name(m.name)) {
			continue
		}
		if len(moved) > 0 {
			moved = append(moved, ',')
		}
		moved = append(moved, w.out[m.start:m.end]...)
	}
	w.out = append(w.out[:first], moved...)
	w.spare = moved
}

func (w *canonicalWriter) digits() bool {
	from := w.pos
	for c := w.peek(); '0' <= c && c <= '9'; c = w.peek() {
		w.pos++
	}
	return w.pos > from
}

func (w *canonicalWriter) number() error {
	start, float := w.pos, false
	if w.peek() == '-' {
		w.pos++
	}
	if w.peek() == '0' {
		w.pos++
	} else if !w.digits() {
		return errCanonical
	}
	if w.peek() == '.' {
		float = true
		w.pos++
		if !w.digits() {
			return errCanonical
		}
	}
	if c := w.peek(); c == 'e' || c == 'E' {
		float = true
		w.pos++
		if c := w.peek(); c == '+' || c == '-' {
			w.pos++
		}
		if !w.digits() {
			return errCanonical
		}
	}
	token := w.src[start:w.pos]
	if float {
		w.out = appendFloat(w.out, token)
	} else {
		w.out = append(w.out, token...)
	}
	return nil
}

// appendFloat writes a token with a point or an exponent: as an integer where its value as a double is one, else as it
// stands. The sender goes through doubles too, so beyond 2^53 the integer is the double's.
func appendFloat(out, token []byte) []byte {
	// Up to 15 digits a double holds exactly, so the text tells whether it is whole.
	if whole, fraction, ok := bytes.Cut(token, []byte{'.'}); ok && len(token) <= 16 && !bytes.ContainsAny(fraction, "eE") {
		switch {
		case len(bytes.TrimRight(fraction, "0")) > 0:
			return append(out, token...)
		case string(whole) == "-0":
			return append(out, '0')
		default:
			return append(out, whole...)
		}
	}
	f, err := strconv.ParseFloat(string(token), 64)
	if err != nil {
		return append(out, token...)
	}
	if f == 0 {
		return append(out, '0')
	}
	exact := new(big.Float).SetFloat64(f)
	if !exact.IsInt() {
		return append(out, token...)
	}
	return exact.Append(out, 'f', 0)
}
