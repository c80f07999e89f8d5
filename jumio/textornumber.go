package jumio

import (
	"bytes"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// TextOrNumber is a value that is text in some of the vendor's answers and a
// number in others. It is kept, and written, as text.
type TextOrNumber string

// UnmarshalJSON reads either. Anything else is empty: one odd field must not
// cost the rest.
func (t *TextOrNumber) UnmarshalJSON(data []byte) error {
	*t = TextOrNumber(textOf(data))
	return nil
}

// textOf returns the text of a JSON string or number, empty for any other value.
func textOf(data []byte) string {
	data = bytes.TrimSpace(data)
	var s string
	switch {
	case len(data) > 0 && data[0] == '"' && kyc.Unmarshal(data, &s) == nil:
		return s
	case len(data) > 0 && (data[0] == '-' || data[0] >= '0' && data[0] <= '9'):
		return string(data)
	default:
		return ""
	}
}
