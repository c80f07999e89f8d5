package yoti

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Source says who supplied a resource. The vendor sends an object with a type,
// and, as its release notes have it, a bare word for share codes; both are read,
// and what was sent is written back.
type Source struct {
	// Type is the party, empty where it cannot be told.
	Type SourceType
	raw  json.RawMessage
}

// UnmarshalJSON reads either form. A form that it does not know is kept and is no error.
func (s *Source) UnmarshalJSON(data []byte) error {
	*s = Source{raw: bytes.Clone(data)}
	// A form that does not fit leaves the type empty, and no fault of it costs the document around it.
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '{' {
		var object struct {
			Type SourceType `json:"type"`
		}
		if err := kyc.Unmarshal(data, &object); err == nil {
			s.Type = object.Type
		}
		return nil
	}
	if err := kyc.Unmarshal(data, &s.Type); err != nil {
		s.Type = ""
	}
	return nil
}

// MarshalJSON writes what was read, or an object with the type.
func (s Source) MarshalJSON() ([]byte, error) {
	if s.raw != nil {
		return s.raw, nil
	}
	return kyc.Marshal(map[string]SourceType{"type": s.Type})
}

// IsZero reports whether there is nothing to write.
func (s Source) IsZero() bool { return s.raw == nil && s.Type == "" }

// Format prints the type where it is known; see [kyc.FormatRedacted].
func (s Source) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type where it is known; see [kyc.LogRedacted].
func (s Source) LogValue() slog.Value { return kyc.LogRedacted(s) }
