package didit

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// DatabaseMatches is how a person compared with official sources. A check that
// is saved answers by source, one that is not by field; each form is written
// back as it came.
type DatabaseMatches struct{ rawJSON }

// Services returns the answers by source; nil for a check that was not saved.
func (m DatabaseMatches) Services() []DatabaseServiceResult {
	var out []DatabaseServiceResult
	if !strings.HasPrefix(m.raw, "[") || kyc.Unmarshal([]byte(m.raw), &out) != nil {
		return nil
	}
	return out
}

// Fields returns the result by field. For a check that was saved these are the
// fields of all sources, each with its worst result; a word that is not
// documented counts as the worst.
func (m DatabaseMatches) Fields() FieldMatches {
	var out FieldMatches
	if strings.HasPrefix(m.raw, "{") {
		if kyc.Unmarshal([]byte(m.raw), &out) != nil {
			return nil
		}
		return out
	}
	for _, service := range m.Services() {
		for field, match := range service.Validation {
			if was, ok := out[field]; !ok || matchRank(match) < matchRank(was) {
				if out == nil {
					out = make(FieldMatches)
				}
				out[field] = match
			}
		}
	}
	return out
}

func matchRank(m MatchType) int {
	switch m {
	case MatchTypeFullMatch:
		return 3
	case MatchTypePartialMatch:
		return 2
	case MatchTypeNoMatch:
		return 1
	default:
		return 0
	}
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (m DatabaseMatches) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, m) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (m DatabaseMatches) LogValue() slog.Value { return kyc.LogRedacted(m) }
