package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// checker compares one sample with a shape.
type checker struct {
	file  string
	found []finding
}

func (c *checker) add(path, value, format string, args ...any) {
	f := finding{sample: c.file, path: path, text: fmt.Sprintf(format, args...), value: value, count: 1}
	i := slices.IndexFunc(c.found, func(o finding) bool { return o.path == f.path && o.text == f.text })
	if i >= 0 {
		c.found[i].count++
		return
	}
	c.found = append(c.found, f)
}

func (c *checker) value(s *slot, v any, path string) {
	n := s.node
	if v == nil {
		if !s.nullable && (n.kind != kindFree || n.schema.typ != "") && !n.schema.nullable {
			c.add(path, "", "null is not in the schema")
		}
		return
	}
	if n.kind == kindUnion {
		c.union(n, v, path)
		return
	}
	want, got := jsonType(n), typeOf(v)
	if want == "integer" && got == "number" && whole(v.(json.Number)) {
		got = "integer"
	}
	if want != "" && want != got {
		if want == "integer" && got == "number" {
			got = "a fraction"
		}
		c.add(path, "", "want %s, not %s", want, got)
		return
	}
	switch v := v.(type) {
	case map[string]any:
		c.object(n, v, path)
	case []any:
		if n.kind == kindArray {
			for _, item := range v {
				c.value(n.elem, item, path+"[]")
			}
		}
	case string:
		c.text(n, v, path)
	}
}

func (c *checker) object(n *node, v map[string]any, path string) {
	if n.kind == kindFree {
		return
	}
	for _, f := range n.fields {
		item, ok := v[f.name]
		if !ok {
			if f.required {
				c.add(path+"."+f.name, "", "required member is missing")
			}
			continue
		}
		c.value(&f.slot, item, path+"."+f.name)
	}
	for _, name := range sortedKeys(v) {
		if n.field(name) != nil {
			continue
		}
		switch {
		case n.elem != nil:
			c.value(n.elem, v[name], path+"{}")
		case !n.schema.free && (len(n.fields) > 0 || n.schema.closed):
			c.add(path+"."+pathName(name), "", "unknown member")
		}
	}
}

// pathName keeps odd member names from breaking the notation of paths.
func pathName(name string) string {
	return strings.NewReplacer(".", "_", "[", "_", "]", "_", "{", "_", "}", "_", " ", "_", "*", "_", ":", "_").Replace(name)
}

// union accepts what one of the branches accepts.
func (c *checker) union(n *node, v any, path string) {
	for _, b := range n.branches {
		trial := &checker{file: c.file}
		if trial.value(b, v, path); len(trial.found) == 0 {
			return
		}
	}
	c.add(path, "", "fits none of its shapes")
}

func (c *checker) text(n *node, v, path string) {
	if n.kind == kindEnum {
		words, name := n.schema.enum, "its enumeration"
		if n.enum != nil {
			words, name = n.enum.words, n.enum.name
		}
		if !slices.Contains(words, v) {
			c.add(path, "", "%q is no value of %s", v, name)
		}
		return
	}
	if n.kind != kindString {
		return
	}
	ok := true
	switch n.schema.format {
	case "date-time":
		_, err := time.Parse(time.RFC3339, v)
		ok = err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, v)
		ok = err == nil
	case "uuid":
		ok = uuidForm.MatchString(v)
	case "uri":
		ok = isURI(v)
	}
	if !ok {
		c.add(path, fmt.Sprintf("%q", v), "no %s", n.schema.format)
	}
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func isURI(v string) bool {
	u, err := url.Parse(v)
	return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "") && !strings.ContainsAny(v, "<>\"{}|\\^` ")
}

func jsonType(n *node) string {
	switch n.kind {
	case kindObject, kindMap:
		return "object"
	case kindString, kindEnum:
		return "string"
	case kindFree:
		return n.schema.typ
	}
	return n.kind.String()
}

func typeOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case json.Number:
		return "number"
	}
	return "boolean"
}

// whole reports whether a number is an integer, however it is written.
func whole(n json.Number) bool {
	if _, err := n.Int64(); err == nil {
		return true
	}
	f, err := n.Float64()
	return err == nil && f == float64(int64(f))
}
