package didit

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What the vendor says in words only, for errors.Is. The text of an answer
// decides, as far as it can, so a call may fail for one of these reasons
// without matching it.
var (
	// ErrNoCredits: the account cannot pay for the call. It comes with status 400 and 403; the kind is [kyc.ErrForbidden].
	ErrNoCredits = errors.New("didit: not enough credits")
	// ErrSessionState: the session's status does not allow the call. It comes with status 400 and 403; the kind is [kyc.ErrConflict].
	ErrSessionState = errors.New("didit: the session's status does not allow this")
	// ErrAlreadyImported: a shared session was imported before. It comes with status 403; the kind is [kyc.ErrConflict].
	ErrAlreadyImported = errors.New("didit: the shared session was imported already")
	// ErrBlocked: the user or business of this vendor_data is blocked. It comes with status 400; the kind is [kyc.ErrConflict].
	ErrBlocked = errors.New("didit: the user or business is blocked")
	// ErrBadPath: the vendor's router does not know the path, which a malformed id looks like. The kind is [kyc.ErrNotFound].
	ErrBadPath = errors.New("didit: the id or path is not one that the vendor can have")
)

// FieldError is one message of an error answer.
type FieldError struct {
	// Field is the path to the member that the message is about, as in "options.code_size" or "features[0]"; empty for the request as a whole.
	Field string
	// Message is the vendor's text. It may repeat input.
	Message string
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (e FieldError) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, e) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (e FieldError) LogValue() slog.Value { return kyc.LogRedacted(e) }

// FieldErrors returns the messages of a failed call, whatever form the answer
// had, at most a hundred of them. It returns nil where err is no failed call or
// its answer no JSON.
func FieldErrors(err error) []FieldError {
	e, ok := errors.AsType[*kyc.Error](err)
	if !ok || e.Vendor != kyc.Didit {
		return nil
	}
	return flatten(e.Body())
}

const (
	maxMessages     = 100
	maxMessageDepth = 16
)

// flatten reads every text of an error body with the path to it. The vendor has more than a dozen forms: a text or list
// under detail or error, the field's own name with a text, list or object, a bare list.
func flatten(body []byte) []FieldError {
	var top json.RawMessage
	if kyc.Unmarshal(body, &top) != nil {
		return nil
	}
	var out []FieldError
	gather(&out, "", top, 0)
	return out
}

func gather(out *[]FieldError, path string, value json.RawMessage, depth int) {
	if depth > maxMessageDepth || len(*out) >= maxMessages || len(value) == 0 {
		return
	}
	switch kind := value[0]; {
	case kind == '"':
		if text, ok := jsonText(value); ok {
			*out = append(*out, FieldError{path, text})
		}
	case isNumber(value):
		*out = append(*out, FieldError{path, string(value)})
	case kind == '[':
		for i, one := range jsonList(value) {
			at := path
			if one[0] == '{' || one[0] == '[' {
				at += "[" + strconv.Itoa(i) + "]"
			}
			gather(out, at, one, depth+1)
		}
	case kind == '{':
		var members map[string]json.RawMessage
		if kyc.Unmarshal(value, &members) != nil {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			gather(out, join(path, name), members[name], depth+1)
		}
	}
}

// join leaves out the names that stand for the request as a whole.
func join(path, name string) string {
	switch {
	case path != "":
		return path + "." + name
	case name == "detail" || name == "error" || name == "non_field_errors":
		return ""
	default:
		return name
	}
}

// Texts by which the vendor tells causes apart.
const (
	textNoCredentials = "authentication credentials were not provided"
	textNoPermission  = "do not have permission"
	textSameStatus    = "same as the current status"
)

// describe reads an error answer. The vendor has no codes, so the kind follows the status and, where one status has
// several causes, the text.
func describe(e *kyc.Error, header http.Header, body []byte) {
	if e.StatusCode == http.StatusNotFound && strings.Contains(header.Get("Content-Type"), "html") {
		e.Err, e.Detail = ErrBadPath, "the vendor answered with a page: check that the id is a UUID in lower case"
		return
	}
	messages := flatten(body)
	if len(messages) == 0 {
		return
	}
	texts := make([]string, 0, len(messages))
	for _, m := range messages {
		texts = append(texts, m.Message)
		if e.Code == "" && m.Field == "" && isCode(m.Message) {
			e.Code = m.Message
		}
	}
	e.Message = strings.Join(texts, "; ")
	switch e.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		cause(e, strings.ToLower(e.Message), messages)
	}
}

// isCode tells a constant such as COULD_NOT_RECOGNIZE_DOCUMENT from everything else. Codes are printed, so none may look
// like a number of a document or a person: letters only, and words with underscores between them.
func isCode(s string) bool {
	if len(s) > 80 || !strings.Contains(s, "_") {
		return false
	}
	for _, word := range strings.Split(s, "_") {
		if word == "" || strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return false
		}
	}
	return true
}

func cause(e *kyc.Error, text string, messages []FieldError) {
	forbidden := e.StatusCode == http.StatusForbidden
	set := func(err, kind error, detail string) { e.Err, e.Kind, e.Detail = err, kind, detail }
	switch {
	case strings.Contains(text, textNoCredentials):
		// Some servers say 403 where they mean 401.
		e.Kind = kyc.ErrUnauthorized
	case strings.Contains(text, textNoPermission):
		e.Kind = kyc.ErrForbidden
	case containsAny(text, "credits", "credit balance", "insufficient balance", "insufficient funds", "top up", "top-up"):
		set(ErrNoCredits, kyc.ErrForbidden, "the account has not enough credits")
	case strings.Contains(text, textSameStatus):
		set(ErrSessionState, kyc.ErrConflict, "the session has this status already")
	case forbidden && e.Operation == opImportShared && strings.Contains(text, "import") && strings.Contains(text, "already"):
		set(ErrAlreadyImported, kyc.ErrConflict, "the shared session was imported before")
	case forbidden && e.Operation == opPDF && aboutState(messages):
		set(ErrSessionState, kyc.ErrConflict, "only a decided session has a report")
	case e.StatusCode == http.StatusBadRequest && e.Operation == opShare && aboutState(messages):
		set(ErrSessionState, kyc.ErrConflict, "only a session that is approved, declined or in review can be shared")
	case e.StatusCode == http.StatusBadRequest && e.Operation == opUpdateStatus && aboutState(messages):
		set(ErrSessionState, kyc.ErrConflict, "the session has no status from which it can be decided by hand")
	case e.StatusCode == http.StatusBadRequest && e.Operation == opCreate && blocked(messages):
		set(ErrBlocked, kyc.ErrConflict, "the user or business of this vendor_data is blocked")
	}
}

// aboutState tells a message about where the session stands from one about anything else. One about a member of the
// request says what is wrong with that, and the vendor's other reasons for a refusal are the caller's address, key or account.
func aboutState(messages []FieldError) bool {
	for _, m := range messages {
		text := strings.ToLower(m.Message)
		if m.Field != "" || containsAny(text, "ip address", "api key", "account", "subscription") {
			continue
		}
		statuses := 0
		for _, s := range SessionStatus("").Values() {
			if strings.Contains(text, strings.ToLower(string(s))) {
				statuses++
			}
		}
		if statuses > 1 || statuses == 1 && strings.Contains(text, "session") {
			return true
		}
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
			switch word {
			case "status", "statuses", "state", "states", "finished", "unfinished", "completed", "decided", "undecided":
				return true
			}
		}
	}
	return false
}

func blocked(messages []FieldError) bool {
	for _, m := range messages {
		if m.Field == "vendor_data" && strings.Contains(strings.ToLower(m.Message), "block") {
			return true
		}
	}
	return false
}

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
