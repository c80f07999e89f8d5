package transport

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// ErrEmptyID is returned by [Path] for an empty value.
var ErrEmptyID = errors.New("an id is empty")

// errDots: servers and proxies resolve these even where they are escaped, and would take the call for another.
var errDots = errors.New("an id is one dot or two")

// Path fills the {} of a template with ids, each escaped as one path segment: a
// slash or a question mark in an id stays part of the id. "." and ".." are
// refused. There must be as many ids as places.
func Path(template string, ids ...string) (string, error) {
	var b strings.Builder
	b.Grow(len(template) + 40*len(ids))
	rest := template
	for _, id := range ids {
		before, after, ok := strings.Cut(rest, "{}")
		if !ok {
			return "", errors.New("more ids than places in the path")
		}
		switch id {
		case "":
			return "", ErrEmptyID
		case ".", "..":
			return "", errDots
		}
		b.WriteString(before)
		b.WriteString(url.PathEscape(id))
		rest = after
	}
	if strings.Contains(rest, "{}") {
		return "", errors.New("fewer ids than places in the path")
	}
	b.WriteString(rest)
	return b.String(), nil
}

// target joins base, escaped path and escaped query.
func target(base *url.URL, path, query string) (*url.URL, error) {
	u := *base
	full := strings.TrimSuffix(base.EscapedPath(), "/") + path
	u.Path, u.RawPath = full, ""
	if strings.Contains(full, "%") {
		p, err := url.PathUnescape(full)
		if err != nil {
			return nil, errors.New("the path is not escaped properly")
		}
		u.Path, u.RawPath = p, full
	}
	u.RawQuery, u.Fragment = query, ""
	return &u, nil
}

// ParseBase reads a base URL from a caller's configuration: absolute and https,
// without user, query or fragment. http is for fakes and proxies on the caller's
// own machine, since credentials and people would go out in clear.
func ParseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("not an absolute http or https URL")
	case u.Scheme == "http" && !onThisMachine(u.Hostname()):
		return nil, errors.New("an http URL of another machine: credentials would be sent in clear, use https")
	case u.User != nil:
		return nil, errors.New("the URL holds a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("the URL has a query or fragment")
	case strings.ContainsAny(u.Path, "!'()*"):
		// They may be escaped or not, and a signature over the path would fit one spelling only.
		return nil, errors.New("the URL's path holds one of ! ' ( ) *")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = strings.TrimSuffix(u.RawPath, "/")
	return u, nil
}

// onThisMachine reports whether what is sent to host stays here. A name below .invalid, which the fakes in memory have, leads
// nowhere.
func onThisMachine(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".invalid")
}

// Origin returns the scheme, host and port of u, to which a credential is bound: in
// lower case, and without a port that is the scheme's default.
func Origin(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}
