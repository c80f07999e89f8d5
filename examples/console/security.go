package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

const (
	sessionCookie = "kyc_console"
	csrfField     = "csrf"
	maxForm       = 16 << 10
)

// policy allows this program's own style sheet, script, forms and event stream, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// hardened sets the headers, refuses foreign hosts and forms of other sites.
func (a *app) hardened(next http.Handler) http.Handler {
	// Besides the token: a browser says where a form comes from. Vendors are no browsers and say nothing.
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		// Nothing of a check may stay in a cache, the browser's included.
		h.Set("Cache-Control", "no-store")
		if !a.knownHost(r) {
			http.Error(w, "the console is not served under this name", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// knownHost keeps other names for this address out: those of other sites (DNS rebinding), and that of a tunnel.
func (a *app) knownHost(r *http.Request) bool {
	local := []string{a.base.Host, "localhost:" + a.base.Port(), "127.0.0.1:" + a.base.Port(), "[::1]:" + a.base.Port()}
	return slices.Contains(local, r.Host)
}

// session returns the id of the browser's session, making one where there is none.
func (a *app) session(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil && len(c.Value) == 26 {
		return c.Value
	}
	id := rand.Text()
	// Lax, not Strict: the person comes back from the vendor's page. It has no Secure, since a loopback address has no TLS.
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return id
}

// token is what forms of a session carry.
func (a *app) token(session string) string {
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(session))
	return hex.EncodeToString(mac.Sum(nil))
}

// form lets a request through whose form was made here for the same browser.
func (a *app) form(next func(w http.ResponseWriter, r *http.Request, session string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			a.fail(w, r, http.StatusBadRequest, "The form could not be read.")
			return
		}
		c, err := r.Cookie(sessionCookie)
		if err != nil || !hmac.Equal([]byte(r.PostForm.Get(csrfField)), []byte(a.token(c.Value))) {
			a.fail(w, r, http.StatusForbidden, "The form has expired, or your browser sends no cookies. Go back, reload the page and send it again.")
			return
		}
		next(w, r, c.Value)
	}
}

// logged writes a line for each request: the route, not the address, which names checks.
func (a *app) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		a.log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("route", route), slog.Int("status", rec.status),
			slog.Duration("took", time.Since(began).Round(time.Millisecond)))
	})
}

type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
