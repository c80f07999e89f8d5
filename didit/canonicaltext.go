package didit

import (
	"unicode/utf16"
	"unicode/utf8"
)

// text copies a string and, where it is wanted, returns where its value stands.
func (w *canonicalWriter) text(want bool) (name, error) {
	w.pos++
	w.out = append(w.out, '"')
	value := name{start: int32(w.pos)}
	for {
		run := w.pos
		for w.pos < len(w.src) {
			if c := w.src[w.pos]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf || (c == 0x7f && w.ascii) {
				break
			}
			w.pos++
		}
		w.out = append(w.out, w.src[run:w.pos]...)
		if value.escaped {
			w.names = append(w.names, w.src[run:w.pos]...)
		}
		if w.pos == len(w.src) || w.src[w.pos] < ' ' {
			return name{}, errCanonical
		}
		if w.src[w.pos] == '"' {
			w.out = append(w.out, '"')
			value.end = int32(w.pos)
			if value.escaped {
				value.end = int32(len(w.names))
			}
			w.pos++
			return value, nil
		}
		if want && !value.escaped && w.src[w.pos] == '\\' {
			begin := value.start
			value = name{start: int32(len(w.names)), escaped: true}
			w.names = append(w.names, w.src[begin:w.pos]...)
		}
		r, err := w.character()
		if err != nil {
			return name{}, err
		}
		w.rune(r)
		if value.escaped {
			w.names = utf8.AppendRune(w.names, r)
		}
	}
}

// character reads one character that is escaped or not ASCII.
func (w *canonicalWriter) character() (rune, error) {
	if w.src[w.pos] != '\\' {
		r, n := utf8.DecodeRune(w.src[w.pos:])
		if r == utf8.RuneError && n <= 1 {
			return 0, errCanonical
		}
		w.pos += n
		return r, nil
	}
	if w.pos+1 >= len(w.src) {
		return 0, errCanonical
	}
	c := w.src[w.pos+1]
	w.pos += 2
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return w.unicode()
	default:
		return 0, errCanonical
	}
}

// unicode reads what follows \u. Half a surrogate pair has no UTF-8 and so no canonical form.
func (w *canonicalWriter) unicode() (rune, error) {
	r, ok := w.hex4()
	if !ok {
		return 0, errCanonical
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if w.pos+1 >= len(w.src) || w.src[w.pos] != '\\' || w.src[w.pos+1] != 'u' {
		return 0, errCanonical
	}
	w.pos += 2
	low, ok := w.hex4()
	if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
		return pair, nil
	}
	return 0, errCanonical
}

func (w *canonicalWriter) hex4() (rune, bool) {
	if w.pos+4 > len(w.src) {
		return 0, false
	}
	var r rune
	for _, c := range w.src[w.pos : w.pos+4] {
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
	w.pos += 4
	return r, true
}

const hexDigits = "0123456789abcdef"

func (w *canonicalWriter) rune(r rune) {
	switch {
	case r == '"' || r == '\\':
		w.out = append(w.out, '\\', byte(r))
	case r == '\b':
		w.out = append(w.out, '\\', 'b')
	case r == '\f':
		w.out = append(w.out, '\\', 'f')
	case r == '\n':
		w.out = append(w.out, '\\', 'n')
	case r == '\r':
		w.out = append(w.out, '\\', 'r')
	case r == '\t':
		w.out = append(w.out, '\\', 't')
	case r < ' ' || (w.ascii && r >= 0x7f && r < 0x10000):
		w.escape(r)
	case w.ascii && r >= 0x10000:
		high, low := utf16.EncodeRune(r)
		w.escape(high)
		w.escape(low)
	default:
		w.out = utf8.AppendRune(w.out, r)
	}
}

func (w *canonicalWriter) escape(r rune) {
	w.out = append(w.out, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
