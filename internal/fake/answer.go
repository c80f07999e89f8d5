package fake

import (
	"net/http"
	"strconv"
)

// answer holds a whole answer before it is sent, so that a fault can still change it.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	written bool
}

func newAnswer() *answer { return &answer{status: http.StatusOK, header: http.Header{}} }

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if !a.written {
		a.status, a.written = status, true
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.written = true
	a.body = append(a.body, p...)
	return len(p), nil
}

func (a *answer) reset() { *a = *newAnswer() }

// bodyless tells whether the status forbids a body.
func (a *answer) bodyless() bool {
	return a.status == http.StatusNoContent || a.status == http.StatusNotModified || a.status < 200
}

func (a *answer) send(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if a.bodyless() {
		w.WriteHeader(a.status)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	// an error here means that the client has left
	_, _ = w.Write(a.body)
}
