package jumio

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

type transactionTokenKey struct{}

// WithTransactionToken sends a transaction's bearer token in place of the
// client's own, for [Client.Do] on the API host.
func WithTransactionToken(token kyc.Secret) kyc.Option {
	return func(s *kyc.Settings) { s.Set(transactionTokenKey{}, token) }
}

// Do sends a call that this package does not model. target is a path of the
// retrieval host, such as "/api/v1/accounts/…", or a whole URL below one of
// [Client.Endpoints], the one for tokens excepted. Ids in it must be escaped.
// in is sent as JSON unless it is nil; out receives the JSON answer, or the
// bytes where it is an [io.Writer], and may be nil. Only GET and HEAD are
// repeated after a fault.
func (c *Client) Do(ctx context.Context, method, target string, in, out any, opts ...kyc.Option) error {
	const op = "do"
	call := transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.Never}, Method: method, Out: out, EmptyOK: true,
	}
	if err := c.aim(&call, target); err != nil {
		return err
	}
	if method == http.MethodGet || method == http.MethodHead {
		call.Operation.Class = transport.Safe
	}
	if token, ok := c.http.Settings(opts...).Value(transactionTokenKey{}).(kyc.Secret); ok && call.Base == c.api {
		call.Auth = transport.StaticBearer(token)
	}
	if w, ok := out.(io.Writer); ok {
		call.Out, call.Sink, call.Accept = nil, w, "*/*"
	}
	if in != nil {
		body, err := transport.JSONBody(in)
		if err != nil {
			return err
		}
		call.Body = body
	}
	_, err := c.http.Do(ctx, call, opts...)
	return err
}

// aim sets base, path, query, budget and authorizer for a path or URL.
func (c *Client) aim(call *transport.Call, target string) error {
	if strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "//") {
		target = c.retrieval.String() + target
	}
	for _, base := range []*url.URL{c.account, c.api, c.retrieval, c.status} {
		path, query, err := below(base, target)
		if err != nil {
			continue
		}
		call.Base, call.Path, call.Query = base, path, query
		switch base {
		case c.account:
			call.Limiter = c.accountBudget
		case c.retrieval:
			call.Limiter = c.retrievalBudget
		case c.status:
			call.Auth = transport.NoAuth
		}
		return nil
	}
	return kyc.Invalid(kyc.Jumio, call.Operation.Name, "the target is neither a path nor a URL of a configured host")
}

// below splits a URL into path and query where it lies under base, and fails where it does not: another scheme, host or
// port, a user name, a path that climbs.
func below(base *url.URL, target string) (path, query string, err error) {
	outside := kyc.Invalid(kyc.Jumio, "href", "the URL is not of the configured host")
	u, parseErr := url.Parse(target)
	if parseErr != nil || u.User != nil || u.Opaque != "" || u.Fragment != "" || hostOf(u) != hostOf(base) {
		return "", "", outside
	}
	path, ok := strings.CutPrefix(u.EscapedPath(), base.EscapedPath())
	if !ok || !strings.HasPrefix(path, "/") {
		return "", "", outside
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return "", "", outside
		}
	}
	return path, u.RawQuery, nil
}

func hostOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	if u.Scheme == "http" {
		host = strings.TrimSuffix(host, ":80")
	}
	return strings.ToLower(u.Scheme) + "://" + host
}
