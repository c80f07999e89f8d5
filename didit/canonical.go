package didit

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"sync"
)

var errCanonical = errors.New("didit: the notice has no canonical form")

const (
	// canonicalDepth is far beyond any notice. Each level that does not arrive sorted moves what is below it once more, so it
	// bounds the work before the signature is known.
	canonicalDepth = 64
	// canonicalGrowth bounds what a short notice can make of itself before its signature is known: 1e308 has 309 digits.
	canonicalGrowth = 4
	// canonicalMax keeps every index of the output within 31 bits.
	canonicalMax = 1 << 28
	// canonicalKept is the most that a writer in wait of the next notice holds.
	canonicalKept = 1 << 20
)

// canonicalJSON returns the text over which X-Signature-V2 is computed: no white space, members sorted by name, a
// float without a fraction as an integer, every other number as it stands, and in strings only quotes, backslashes and
// control characters escaped. Of a name given twice the last counts, as with the sender; whether such a notice is
// acceptable is decided elsewhere.
func canonicalJSON(src []byte) ([]byte, error) {
	w := canonicalWriters.Get().(*canonicalWriter)
	defer w.free()
	text, err := w.write(src)
	return bytes.Clone(text), err
}

// canonicalWriters keeps the room of the last notices, as a busy receiver would spend more on memory than on the text.
var canonicalWriters = sync.Pool{New: func() any { return new(canonicalWriter) }}

// canonicalWriter reads src once. What is canonical as it stands is copied in runs that are as long as possible, and an
// object's members are moved only where they did not arrive sorted.
type canonicalWriter struct {
	src    []byte
	pos    int
	copied int // src[copied:pos] belongs at the end of out
	out    []byte
	limit  int

	members []member // of the objects that are open, the innermost last
	names   []byte   // the names that are written with escapes, without them
	spare   []byte   // room to put members in order
}

// write returns the canonical form of src, which is valid until the writer is used again.
func (w *canonicalWriter) write(src []byte) ([]byte, error) {
	if len(src) > canonicalMax {
		return nil, errCanonical
	}
	w.src, w.limit = src, canonicalGrowth*len(src)+4096
	w.out = slices.Grow(w.out, len(src)+len(src)/8)
	w.space()
	if err := w.value(0); err != nil {
		return nil, err
	}
	w.flush()
	if w.space(); w.pos != len(src) {
		return nil, errCanonical
	}
	return w.out, nil
}

// free makes the writer ready for another notice and wipes what it knows of this one.
func (w *canonicalWriter) free() {
	if cap(w.out)+cap(w.spare)+cap(w.names) > canonicalKept {
		return
	}
	for _, buffer := range [][]byte{w.out, w.spare, w.names} {
		clear(buffer[:cap(buffer)])
	}
	*w = canonicalWriter{out: w.out[:0], members: w.members[:0], names: w.names[:0], spare: w.spare[:0]}
	canonicalWriters.Put(w)
}

// flush copies what has been read.
func (w *canonicalWriter) flush() {
	w.out = append(w.out, w.src[w.copied:w.pos]...)
	w.copied = w.pos
}

// written is the length that out has when all that has been read is copied.
func (w *canonicalWriter) written() int32 { return int32(len(w.out) + w.pos - w.copied) }

func (w *canonicalWriter) peek() byte {
	if w.pos < len(w.src) {
		return w.src[w.pos]
	}
	return 0
}

// space drops white space.
func (w *canonicalWriter) space() {
	if w.peek() > ' ' {
		return
	}
	w.flush()
	for w.pos < len(w.src) {
		switch w.src[w.pos] {
		case ' ', '\t', '\r', '\n':
			w.pos++
			w.copied++
		default:
			return
		}
	}
}

func (w *canonicalWriter) value(depth int) error {
	if depth > canonicalDepth {
		return errCanonical
	}
	switch w.peek() {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		_, err := w.text()
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
	return nil
}

func (w *canonicalWriter) array(depth int) error {
	w.pos++
	w.space()
	if w.peek() == ']' {
		w.pos++
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
		case ']':
			w.pos++
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

// member is an object's member: its name and the first bytes of it, and where it lies in the output, name and value.
type member struct {
	prefix     uint64
	name       name
	start, end int32
}

func (w *canonicalWriter) name(n name) []byte {
	if n.escaped {
		return w.names[n.start:n.end]
	}
	return w.src[n.start:n.end]
}

// prefix returns the first eight bytes of a name as a number that orders as they do.
func prefix(name []byte) uint64 {
	if len(name) >= 8 {
		return binary.BigEndian.Uint64(name)
	}
	var p uint64
	for i, c := range name {
		p |= uint64(c) << (56 - 8*i)
	}
	return p
}

// compare orders by bytes: that order of UTF-8 and the order of code points are the same.
func (w *canonicalWriter) compare(a, b member) int {
	if a.prefix != b.prefix {
		return cmp.Compare(a.prefix, b.prefix)
	}
	return bytes.Compare(w.name(a.name), w.name(b.name))
}

func (w *canonicalWriter) object(depth int) error {
	w.pos++
	w.space()
	if w.peek() == '}' {
		w.pos++
		return nil
	}
	first, outer, sorted := w.written(), len(w.members), true
	for {
		w.space()
		if w.peek() != '"' {
			return errCanonical
		}
		m := member{start: w.written()}
		var err error
		if m.name, err = w.nameText(); err != nil {
			return err
		}
		m.prefix = prefix(w.name(m.name))
		w.space()
		if w.peek() != ':' {
			return errCanonical
		}
		w.pos++
		w.space()
		if err := w.value(depth + 1); err != nil {
			return err
		}
		m.end = w.written()
		if n := len(w.members); sorted && n > outer {
			sorted = w.compare(w.members[n-1], m) < 0
		}
		w.members = append(w.members, m)
		w.space()
		switch w.peek() {
		case ',':
			w.pos++
		case '}':
			if !sorted {
				w.sort(w.members[outer:], int(first))
			}
			w.members = w.members[:outer]
			w.pos++
			return nil
		default:
			return errCanonical
		}
	}
}

func (w *canonicalWriter) sort(members []member, first int) {
	w.flush()
	slices.SortFunc(members, func(a, b member) int {
		// Of a name given twice the last counts, so that one stays behind the other.
		return cmp.Or(w.compare(a, b), cmp.Compare(a.start, b.start))
	})
	w.spare = append(w.spare[:0], w.out[first:]...)
	w.out = w.out[:first]
	for i, m := range members {
		if i+1 < len(members) && w.compare(m, members[i+1]) == 0 {
			continue
		}
		if len(w.out) > first {
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, w.spare[int(m.start)-first:int(m.end)-first]...)
	}
}

func (w *canonicalWriter) digits() bool {
	from := w.pos
	for w.pos < len(w.src) && w.src[w.pos]-'0' <= 9 {
		w.pos++
	}
	return w.pos > from
}

func (w *canonicalWriter) number() error {
	start := w.pos
	if w.peek() == '-' {
		w.pos++
	}
	if w.peek() == '0' {
		w.pos++
	} else if !w.digits() {
		return errCanonical
	}
	whole, exponent := w.pos, false
	if w.peek() == '.' {
		w.pos++
		if !w.digits() {
			return errCanonical
		}
	}
	if c := w.peek(); c == 'e' || c == 'E' {
		exponent = true
		w.pos++
		if c := w.peek(); c == '+' || c == '-' {
			w.pos++
		}
		if !w.digits() {
			return errCanonical
		}
	}
	if w.pos == whole {
		return nil
	}
	// Up to 15 digits a double holds exactly, so the text tells whether it is whole.
	if !exponent && w.pos-start <= 16 {
		if len(bytes.TrimRight(w.src[whole+1:w.pos], "0")) == 0 {
			w.integer(start, whole)
		}
		return nil
	}
	return w.float(start)
}

// integer writes the digits from start to whole, and leaves out the zeros behind the point.
func (w *canonicalWriter) integer(start, whole int) {
	w.out = append(w.out, w.src[w.copied:start]...)
	if digits := w.src[start:whole]; string(digits) == "-0" {
		w.out = append(w.out, '0')
	} else {
		w.out = append(w.out, digits...)
	}
	w.copied = w.pos
}

// float writes the number from start on, which has a point or an exponent: as an integer where its value as a double is
// one, else as it stands. The sender goes through doubles too, so beyond 2^53 the integer is the double's.
func (w *canonicalWriter) float(start int) error {
	f, err := strconv.ParseFloat(string(w.src[start:w.pos]), 64)
	if err != nil {
		return nil //nolint:nilerr // What no double holds stands as it is.
	}
	if f != math.Trunc(f) {
		return nil
	}
	w.out = append(w.out, w.src[w.copied:start]...)
	if math.Abs(f) < 1<<53 { // which has no sign where it is 0
		w.out = strconv.AppendInt(w.out, int64(f), 10)
	} else {
		w.out = new(big.Float).SetFloat64(f).Append(w.out, 'f', 0)
	}
	w.copied = w.pos
	if len(w.out) > w.limit {
		return errCanonical
	}
	return nil
}
