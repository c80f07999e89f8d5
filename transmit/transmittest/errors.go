package transmittest

import (
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
)

// ErrorForm is the form of an error's body. The vendor documents none for this
// product; these are what its other documents and its platform suggest.
type ErrorForm uint8

// The forms.
const (
	// ErrorMessage has message as text and error_code as a number.
	ErrorMessage ErrorForm = iota
	// ErrorList has message as a list of texts.
	ErrorList
	// ErrorTextCode has error_code as text.
	ErrorTextCode
	// ErrorNest has statusCode, message and error.
	ErrorNest
	// ErrorEmpty has no body.
	ErrorEmpty
	// ErrorHTML is a page of the edge.
	ErrorHTML
)

// Errors chooses the form of error bodies. The token endpoint always answers as OAuth 2 does.
func Errors(form ErrorForm) Option {
	return func(c *config) { c.errors = form }
}

const edgePage = "<html><head><title>Error</title></head><body><center><h1>Error</h1></center></body></html>\n"

func (s *Server) writeError(c *fake.Call, e fake.Refusal) {
	if c.Operation == "Token" && e.Code != "" {
		c.Reply(e.Status, map[string]any{"error": e.Code, "error_description": e.Detail})
		return
	}
	text := e.Detail
	if text == "" {
		text = http.StatusText(e.Status)
	}
	switch ErrorForm(s.errors.Load()) {
	case ErrorList:
		c.Reply(e.Status, map[string]any{"message": []string{text}, "error_code": e.Status})
	case ErrorTextCode:
		code := e.Code
		if code == "" {
			code = "request_failed"
		}
		c.Reply(e.Status, map[string]any{"message": text, "error_code": code})
	case ErrorNest:
		c.Reply(e.Status, map[string]any{"statusCode": e.Status, "message": text, "error": http.StatusText(e.Status)})
	case ErrorEmpty:
		c.ReplyEmpty(e.Status)
	case ErrorHTML:
		c.ReplyBytes(e.Status, "text/html", []byte(edgePage))
	default:
		c.Reply(e.Status, map[string]any{"message": text, "error_code": e.Status})
	}
}
