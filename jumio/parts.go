package jumio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// PartLocation is where a part is uploaded: one address, or in newer answers
// one address a page. The SDK builds the addresses of known parts from ids and
// follows these only inside the configured hosts.
type PartLocation struct {
	// URL is the address; empty where there is one a page.
	URL string
	// Pages holds the address of each page by its number; nil where there is one address.
	Pages map[string]string

	raw json.RawMessage
}

// UnmarshalJSON reads either form. Any other one is kept and written back, with
// both fields empty.
func (l *PartLocation) UnmarshalJSON(data []byte) error {
	*l = PartLocation{}
	data = bytes.TrimSpace(data)
	switch {
	case len(data) > 0 && data[0] == '"' && jsonv2.Unmarshal(data, &l.URL) == nil:
		return nil
	case len(data) > 0 && data[0] == '{' && jsonv2.Unmarshal(data, &l.Pages) == nil:
		return nil
	}
	*l = PartLocation{raw: bytes.Clone(data)}
	return nil
}

// MarshalJSON writes the form that was read, or that the fields stand for.
func (l PartLocation) MarshalJSON() ([]byte, error) {
	switch {
	case l.raw != nil:
		return l.raw, nil
	case l.Pages != nil:
		return kyc.Marshal(l.Pages)
	default:
		return kyc.Marshal(l.URL)
	}
}

// pageNumbers returns the pages in the order of their numbers.
func (l PartLocation) pageNumbers() []string {
	return slices.SortedFunc(maps.Keys(l.Pages), func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX == nil && errY == nil && x != y {
			return x - y
		}
		return strings.Compare(a, b)
	})
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (l PartLocation) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, l) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (l PartLocation) LogValue() slog.Value { return kyc.LogRedacted(l) }

// Credential is what an upload needs to know: which credential of which
// execution, its bearer token and its parts. [Account.Credentials] gives those
// of an answer; a caller that stored ids and token can make one.
type Credential struct {
	// Ref points at the workflow execution.
	Ref kyc.Ref
	// ID is the credential's id.
	ID string
	// Category is the kind of credential; empty skips the checks that depend on it.
	Category Category
	// Token is the bearer token of the API channel.
	Token kyc.Secret
	// Locations holds where the parts go, by the vendor's lower-case names. It may be nil.
	Locations map[string]PartLocation
}

// Parts returns the parts that the credential wants: front before back, the
// others by name.
func (c Credential) Parts() iter.Seq[Part] {
	names := slices.SortedFunc(maps.Keys(c.Locations), func(a, b string) int {
		if x, y := partRank(a), partRank(b); x != y {
			return x - y
		}
		return strings.Compare(a, b)
	})
	return func(yield func(Part) bool) {
		for _, name := range names {
			if !yield(Part(strings.ToUpper(name))) {
				return
			}
		}
	}
}

func partRank(name string) int {
	switch strings.ToUpper(name) {
	case string(PartFront):
		return 0
	case string(PartBack):
		return 1
	default:
		return 2
	}
}

// Pages returns the page numbers of a part in their order, nil for a part
// without pages.
func (c Credential) Pages(part Part) []string {
	location, _ := c.location(part)
	return location.pageNumbers()
}

func (c Credential) location(part Part) (PartLocation, bool) {
	for name, l := range c.Locations {
		if strings.EqualFold(name, string(part)) {
			return l, true
		}
	}
	return PartLocation{}, false
}

// Format prints Ref and category only; see [kyc.FormatRedacted].
func (c Credential) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, c) }

// LogValue logs Ref and category only; see [kyc.LogRedacted].
func (c Credential) LogValue() slog.Value { return kyc.LogRedacted(c) }

// Ref returns the reference of the started execution; zero where the answer
// lacks an id.
func (a *Account) Ref() kyc.Ref {
	if a == nil || a.Account == nil || a.WorkflowExecution == nil || a.Account.ID == "" || a.WorkflowExecution.ID == "" {
		return kyc.Ref{}
	}
	return kyc.Ref{Vendor: kyc.Jumio, Account: a.Account.ID, Session: a.WorkflowExecution.ID}
}

// Credentials returns the credentials that one of the channels may deliver, in
// the vendor's order; without a channel, all of them.
func (a *Account) Credentials(channels ...Channel) []Credential {
	if a == nil || a.WorkflowExecution == nil {
		return nil
	}
	var out []Credential
	for _, c := range a.WorkflowExecution.Credentials {
		allowed := len(channels) == 0
		for _, channel := range channels {
			allowed = allowed || slices.Contains(c.AllowedChannels, channel)
		}
		if !allowed {
			continue
		}
		credential := Credential{Ref: a.Ref(), ID: c.ID, Category: c.Category}
		if c.API != nil {
			credential.Token, credential.Locations = c.API.Token, c.API.Parts
		}
		out = append(out, credential)
	}
	return out
}

// APIToken returns the bearer token of the API channel: that of the first
// credential that has one. Finalize takes it.
func (a *Account) APIToken() kyc.Secret {
	for _, c := range a.Credentials() {
		if c.Token != "" {
			return c.Token
		}
	}
	return ""
}
