package fake

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Call is one request and the answer to it. The body is read before the handler runs.
type Call struct {
	Request *http.Request
	Server  *Server
	// Route is zero where no route fits.
	Route     Route
	Operation string
	Body      []byte

	answer *answer
}

// Writer is the answer as an http.ResponseWriter, for what the other methods do not cover. It is sent when the handler
// returns.
func (c *Call) Writer() http.ResponseWriter { return c.answer }

// Path returns the segment of the path that the pattern names, unescaped.
func (c *Call) Path(name string) string { return c.Request.PathValue(name) }

// Query returns a query parameter.
func (c *Call) Query(name string) string { return c.Request.URL.Query().Get(name) }

// Now is the server's time.
func (c *Call) Now() time.Time { return c.Server.Now() }

func (c *Call) problem(rule, detail string) {
	c.Server.AddProblem(Problem{
		Operation: c.Operation, Method: c.Request.Method, Path: c.Request.URL.EscapedPath(), Rule: rule, Detail: detail,
	})
}

// Refuse records a Problem and answers with the vendor's error. The detail must hold no value from the request.
func (c *Call) Refuse(status int, rule, detail string) {
	c.RefuseWith(Refusal{Status: status, Rule: rule, Detail: detail})
}

// RefuseWith is Refuse with a code or fields.
func (c *Call) RefuseWith(e Refusal) {
	c.problem(e.Rule, e.Detail)
	c.answer.resetBody()
	c.Server.cfg.WriteError(c, e)
}

// Fail answers with an error of the vendor that a correct client can meet: an unknown id, a session in another state.
// No Problem is recorded.
func (c *Call) Fail(status int, code, detail string) {
	c.answer.resetBody()
	c.Server.cfg.WriteError(c, Refusal{Status: status, Code: code, Detail: detail})
}

func (a *answer) resetBody() { a.status, a.body, a.written = http.StatusOK, nil, false }

// Reply answers with JSON. A []byte or json.RawMessage is sent as it is.
func (c *Call) Reply(status int, v any) {
	var body []byte
	switch v := v.(type) {
	case []byte:
		body = v
	case json.RawMessage:
		body = v
	default:
		b, err := json.Marshal(v)
		if err != nil {
			panic(fmt.Sprintf("fake: answer of %s: %v", c.Operation, err))
		}
		body = b
	}
	c.ReplyBytes(status, "application/json", body)
}

// ReplyBytes answers with a body of the given type; an empty type sets no header.
func (c *Call) ReplyBytes(status int, contentType string, body []byte) {
	if contentType != "" {
		c.answer.header.Set("Content-Type", contentType)
	} else {
		// a nil list keeps net/http from guessing
		c.answer.header["Content-Type"] = nil
	}
	c.answer.WriteHeader(status)
	c.answer.body = append(c.answer.body[:0:0], body...)
}

// ReplyEmpty answers without a body.
func (c *Call) ReplyEmpty(status int) { c.answer.WriteHeader(status) }

// Header returns the answer's headers.
func (c *Call) Header() http.Header { return c.answer.header }

// declared checks the request's content type and that its length was declared. Chunked bodies are refused: every body
// that the SDK sends has a known length, and some vendors do not take others.
func (c *Call) declared(want string) (params map[string]string, ok bool) {
	got, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || got != want {
		c.Refuse(http.StatusUnsupportedMediaType, RuleContentType, "want "+want)
		return nil, false
	}
	if c.Request.ContentLength < 0 || len(c.Request.TransferEncoding) > 0 {
		c.Refuse(http.StatusLengthRequired, RuleContentLength, "the length is not declared")
		return nil, false
	}
	return params, true
}

// JSON checks that the body is JSON of the route's schema and decodes it into out, which may be nil. On false the
// answer is written.
func (c *Call) JSON(out any) bool {
	params, ok := c.declared("application/json")
	if !ok {
		return false
	}
	if cs := params["charset"]; cs != "" && !strings.EqualFold(cs, "utf-8") {
		c.Refuse(http.StatusUnsupportedMediaType, RuleContentType, "want UTF-8")
		return false
	}
	if err := c.checkJSON(); err != nil {
		e := Refusal{Status: http.StatusBadRequest, Rule: RuleJSON, Detail: err.Error()}
		var se *SchemaError
		if errors.As(err, &se) {
			e.Rule = se.rule()
			for _, v := range se.Violations {
				e.Fields = append(e.Fields, v.Pointer)
			}
		}
		c.RefuseWith(e)
		return false
	}
	if out == nil {
		return true
	}
	if err := json.Unmarshal(c.Body, out); err != nil {
		// the text of a decoding error can hold a value; its type cannot
		c.Refuse(http.StatusBadRequest, RuleJSON, fmt.Sprintf("does not decode (%T)", err))
		return false
	}
	return true
}

func (c *Call) checkJSON() error {
	if c.Route.Request == "" {
		return CheckJSON(c.Body)
	}
	return c.Server.cfg.Schemas.Check(c.Route.Request, c.Body)
}

// Form reads a form-encoded body whose fields are given once each.
func (c *Call) Form() (url.Values, bool) {
	if _, ok := c.declared("application/x-www-form-urlencoded"); !ok {
		return nil, false
	}
	form, err := url.ParseQuery(string(c.Body))
	if err != nil {
		c.Refuse(http.StatusBadRequest, RuleForm, "does not parse")
		return nil, false
	}
	for name, values := range form {
		if len(values) != 1 {
			c.Refuse(http.StatusBadRequest, RuleForm, "field "+name+" is repeated")
			return nil, false
		}
	}
	return form, true
}

// NoBody refuses a request that has a body.
func (c *Call) NoBody() bool {
	if len(c.Body) > 0 {
		c.Refuse(http.StatusBadRequest, RuleBody, "the operation takes no body")
		return false
	}
	return true
}

// QueryOnly refuses a query with other names than the given ones, or with one of them repeated.
func (c *Call) QueryOnly(names ...string) bool {
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		c.Refuse(http.StatusBadRequest, RuleQuery, "does not parse")
		return false
	}
	for name, values := range query {
		if !slices.Contains(names, name) || len(values) != 1 {
			detail := "unknown parameter " + name
			if len(values) != 1 {
				detail = "repeated parameter " + name
			}
			c.RefuseWith(Refusal{Status: http.StatusBadRequest, Rule: RuleQuery, Detail: detail, Fields: []string{name}})
			return false
		}
	}
	return true
}

// HasHeader refuses a request without the header.
func (c *Call) HasHeader(name string) bool {
	if c.Request.Header.Get(name) == "" {
		c.RefuseWith(Refusal{Status: http.StatusBadRequest, Rule: RuleHeader, Detail: "no " + name, Fields: []string{name}})
		return false
	}
	return true
}
