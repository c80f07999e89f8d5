package didit

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// plain returns where the characters from pos on end that are ASCII and stand for themselves in every JSON text.
func plain(src []byte, pos int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; pos+8 <= len(src); pos += 8 {
		x := binary.LittleEndian.Uint64(src[pos:])
		// The high bit of a byte is set where it is over 0x7f, below a space, a quote or a backslash. What a subtraction
		// borrows spoils only bytes behind the first that is found.
		if stop := (x | (x - ones*' ') | ((x ^ ones*'"') - ones) | ((x ^ ones*'\\') - ones)) & highs; stop != 0 {
			return pos + bits.TrailingZeros64(stop)/8
		}
	}
	for pos < len(src) && src[pos] >= ' ' && src[pos] < utf8.RuneSelf && src[pos] != '"' && src[pos] != '\\' {
		pos++
	}
	return pos
}

// text reads a string and returns where its value stands, and whether it has escapes.
func (w *canonicalWriter) text() (name, error) {
	w.pos++
	value := name{start: int32(w.pos)}
	for {
		w.pos = plain(w.src, w.pos)
		switch c := w.peek(); {
		case c == '"':
			value.end = int32(w.pos)
			w.pos++
			return value, nil
		case c == '\\':
			value.escaped = true
			if !w.escape() {
				return name{}, errCanonical
			}
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(w.src[w.pos:])
			if r == utf8.RuneError && n == 1 {
				return name{}, errCanonical
			}
			w.pos += n
		default:
			return name{}, errCanonical
		}
	}
}

// nameText reads a member's name.
func (w *canonicalWriter) nameText() (name, error) {
	n, err := w.text()
	if err != nil || !n.escaped {
		return n, err
	}
	text := w.src[n.start:n.end]
	n.start = int32(len(w.names))
	for i := 0; i < len(text); {
		end := plain(text, i)
		w.names = append(w.names, text[i:end]...)
		switch {
		case end == len(text):
			i = end
		case text[end] == '\\':
			var r rune
			r, i, _ = unescape(text, end)
			w.names = utf8.AppendRune(w.names, r)
		default:
			w.names = append(w.names, text[end])
			i = end + 1
		}
	}
	n.end = int32(len(w.names))
	return n, nil
}

// escape writes the escape at pos in its canonical form.
func (w *canonicalWriter) escape() bool {
	r, next, ok := unescape(w.src, w.pos)
	if !ok {
		return false
	}
	if c := w.src[w.pos+1]; c != 'u' && c != '/' {
		w.pos = next
		return true
	}
	w.flush()
	w.out = appendCanonical(w.out, r)
	w.pos, w.copied = next, next
	return true
}

// unescape reads the escape at pos. Half a surrogate pair has no UTF-8 and so no canonical form.
func unescape(src []byte, pos int) (r rune, next int, ok bool) {
	if pos+1 >= len(src) {
		return 0, 0, false
	}
	next = pos + 2
	switch c := src[pos+1]; c {
	case '"', '\\', '/':
		return rune(c), next, true
	case 'b':
		return '\b', next, true
	case 'f':
		return '\f', next, true
	case 'n':
		return '\n', next, true
	case 'r':
		return '\r', next, true
	case 't':
		return '\t', next, true
	case 'u':
		r, ok = hex4(src, next)
		if next += 4; !utf16.IsSurrogate(r) || !ok {
			return r, next, ok
		}
		if next+1 >= len(src) || src[next] != '\\' || src[next+1] != 'u' {
			return 0, 0, false
		}
		low, ok := hex4(src, next+2)
		r = utf16.DecodeRune(r, low)
		return r, next + 6, ok && r != utf8.RuneError
	default:
		return 0, 0, false
	}
}

func hex4(src []byte, pos int) (r rune, ok bool) {
	if pos+4 > len(src) {
		return 0, false
	}
	for _, c := range src[pos : pos+4] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// appendCanonical writes a character of a string.
func appendCanonical(out []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(out, '\\', byte(r))
	case r == '\b':
		return append(out, '\\', 'b')
	case r == '\f':
		return append(out, '\\', 'f')
	case r == '\n':
		return append(out, '\\', 'n')
	case r == '\r':
		return append(out, '\\', 'r')
	case r == '\t':
		return append(out, '\\', 't')
	case r < ' ':
		return appendEscape(out, r)
	default:
		return utf8.AppendRune(out, r)
	}
}

// escapeCanonical returns a canonical form with all that is not printable ASCII escaped, as some senders write it.
func escapeCanonical(text []byte) []byte {
	out := make([]byte, 0, len(text)+len(text)/4)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch {
		case r < 0x7f:
			out = append(out, byte(r))
		case r < 0x10000:
			out = appendEscape(out, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, high), low)
		}
	}
	return out
}

const hexDigits = "0123456789abcdef"

func appendEscape(out []byte, r rune) []byte {
	return append(out, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
