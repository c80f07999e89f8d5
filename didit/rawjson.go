package didit

import (
	"encoding/json"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// rawJSON keeps a member that the vendor writes in several forms, and writes it back as it came.
type rawJSON struct{ raw string }

// IsZero reports whether the member was absent or null.
func (r rawJSON) IsZero() bool { return r.raw == "" || r.raw == "null" }

// UnmarshalJSON keeps what the vendor wrote, whatever its form.
func (r *rawJSON) UnmarshalJSON(data []byte) error {
	r.raw = string(data)
	return nil
}

// MarshalJSON writes what UnmarshalJSON read.
func (r rawJSON) MarshalJSON() ([]byte, error) {
	if r.raw == "" {
		return []byte("null"), nil
	}
	return []byte(r.raw), nil
}

// jsonText returns the text of a JSON string.
func jsonText(raw []byte) (text string, ok bool) {
	ok = len(raw) > 0 && raw[0] == '"' && kyc.Unmarshal(raw, &text) == nil
	return text, ok
}

// jsonList returns the items of a JSON array, nil for anything else.
func jsonList(raw []byte) (items []json.RawMessage) {
	if len(raw) == 0 || raw[0] != '[' || kyc.Unmarshal(raw, &items) != nil {
		return nil
	}
	return items
}

func isNumber(raw []byte) bool { return len(raw) > 0 && (raw[0] == '-' || raw[0]-'0' <= 9) }
