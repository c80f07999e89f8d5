package transport

import (
	"errors"
	"net/url"
	"strings"
)

// ErrEmptyID is returned by [Path] for an empty value.
var ErrEmptyID = errors.New("an id is empty")

// Path fills the {} of a template with ids, each escaped as one path segment: a
// slash, a question mark or dots in an id stay part of the id. The values must
// be as many as the places.
func Path(template string, ids ...string) (string, error) {
	var b strings.Builder
	b.Grow(len(template) + 40*len(ids))
	rest := template
	for _, id := range ids {
		before, after, ok := strings.Cut(rest, "{}")
		if !ok {
			return "", errors.New("more ids than places in the path")
		}
		if id == "" {
			return "", ErrEmptyID
		}
		b.WriteString(before)
		b.WriteString(segment(id))
		rest = after
	}
	if strings.Contains(rest, "{}") {
		return "", errors.New("fewer ids than places in the path")
	}
	b.WriteString(rest)
	return b.String(), nil
}

// segment escapes one path segment. PathEscape leaves "." and "..", which servers and proxies resolve.
func segment(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
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

// ParseBase reads a base URL that a caller configured: absolute, http or https, without user, query or fragment.
func ParseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("not an absolute http or https URL")
	case u.User != nil:
		return nil, errors.New("the URL holds a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("the URL has a query or fragment")
	case strings.ContainsAny(u.Path, "!'()*"):
		// They stand for themselves or escaped, and a signature over the path would fit one spelling only.
		return nil, errors.New("the URL's path holds one of ! ' ( ) *")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = strings.TrimSuffix(u.RawPath, "/")
	return u, nil
}

// origin is what a credential is bound to.
func origin(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}
