package fake

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Handler answers one operation.
type Handler func(c *Call)

// Route is one operation of a vendor.
type Route struct {
	// Operation is the name that testdata/operations/<vendor>.yaml gives it, as Accounts.Create.
	Operation string
	Method    string
	// Host is the logical host that serves it, for vendors that have several. The route is mounted below /Host.
	Host string
	// Pattern is the path with {name} for a segment that varies. A trailing slash is part of it, and no request is
	// redirected or cleaned: what does not match to the letter is an unknown route.
	Pattern string
	// Request is the id of the operation in the schema file; Call.JSON checks the body with it.
	Request string
	// Answer is the id of the operation in the schema file whose response schema the fake's own 2xx JSON answers are
	// held against. A finding is a Problem with RuleFake: the fake is wrong, not the client.
	Answer  string
	Handler Handler

	segments []segment
}

type segment struct {
	literal string
	name    string // set: any non-empty segment
}

// String renders the route as "Accounts.Create POST account /api/v1/accounts".
func (r Route) String() string {
	parts := []string{r.Operation, r.Method}
	if r.Host != "" {
		parts = append(parts, r.Host)
	}
	return strings.Join(append(parts, r.Pattern), " ")
}

type router struct {
	routes []*Route
}

// newRouter panics on a table that is wrong, since that is an error in the fake's source.
func newRouter(routes []Route) *router {
	rt := &router{}
	seen := map[string]string{}
	for _, r := range routes {
		if r.Handler == nil || r.Method == "" || !strings.HasPrefix(r.Pattern, "/") || strings.Contains(r.Host, "/") {
			panic("fake: route " + r.String() + " is incomplete")
		}
		var key strings.Builder
		for _, s := range splitPath(mount(r.Host) + r.Pattern) {
			if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
				r.segments = append(r.segments, segment{name: s[1 : len(s)-1]})
				key.WriteString("/{}")
				continue
			}
			r.segments = append(r.segments, segment{literal: s})
			key.WriteString("/" + s)
		}
		k := r.Method + " " + key.String()
		if other, ok := seen[k]; ok {
			panic(fmt.Sprintf("fake: routes %s and %s are the same request", other, r.Operation))
		}
		seen[k] = r.Operation
		rt.routes = append(rt.routes, &r)
	}
	return rt
}

func mount(host string) string {
	if host == "" {
		return ""
	}
	return "/" + host
}

func splitPath(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// match finds the route of a request by its escaped path. Where several fit, the one with a literal in the first place
// where they differ wins. Without one, allowed holds the methods that the path has.
func (rt *router) match(method, escapedPath string) (found *Route, values map[string]string, allowed []string) {
	parts := splitPath(escapedPath)
	for i, p := range parts {
		u, err := url.PathUnescape(p)
		if err != nil {
			return nil, nil, nil
		}
		parts[i] = u
	}
	for _, r := range rt.routes {
		if !r.fits(parts) {
			continue
		}
		if r.Method != method {
			if !slices.Contains(allowed, r.Method) {
				allowed = append(allowed, r.Method)
			}
			continue
		}
		if found == nil || r.before(found) {
			found = r
		}
	}
	if found == nil {
		slices.Sort(allowed)
		return nil, nil, allowed
	}
	values = map[string]string{}
	for i, s := range found.segments {
		if s.name != "" {
			values[s.name] = parts[i]
		}
	}
	return found, values, nil
}

func (r *Route) fits(parts []string) bool {
	if len(parts) != len(r.segments) {
		return false
	}
	for i, s := range r.segments {
		if s.name == "" && s.literal != parts[i] {
			return false
		}
		if s.name != "" && (parts[i] == "" || parts[i] == "." || parts[i] == "..") {
			return false
		}
	}
	return true
}

// before tells which of two routes that fit the same path is the closer one.
func (r *Route) before(o *Route) bool {
	for i := range r.segments {
		if a, b := r.segments[i].name == "", o.segments[i].name == ""; a != b {
			return a
		}
	}
	return false
}

// explain says what is known about a request that no route fits.
func (rt *router) explain(method, escapedPath string, allowed []string) string {
	if len(allowed) > 0 {
		return "the path has " + strings.Join(allowed, ", ")
	}
	for _, r := range rt.routes {
		if r.Host == "" {
			continue
		}
		if found, _, _ := rt.match(method, mount(r.Host)+escapedPath); found != nil {
			return "this is " + found.Operation + " without the base URL of " + found.Host
		}
	}
	for _, other := range []string{escapedPath + "/", strings.TrimSuffix(escapedPath, "/")} {
		if found, _, _ := rt.match(method, other); found != nil && other != escapedPath {
			return "this is " + found.Operation + " but for the slash at the end"
		}
	}
	return "no such path"
}

// allowHeader renders the Allow header of a 405.
func allowHeader(h http.Header, allowed []string) {
	if len(allowed) > 0 {
		h.Set("Allow", strings.Join(allowed, ", "))
	}
}
