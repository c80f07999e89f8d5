package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// document is what the generator needs of an OpenAPI document.
type document struct {
	src        *source
	components map[string]*schema
	names      []string // of the components, in document order
	operations []*operation
}

// operation is one operation and the schemas of its JSON bodies.
type operation struct {
	id        string
	request   *schema
	responses []response
}

type response struct {
	status string
	schema *schema
}

func (o *operation) response(status string) *schema {
	for _, r := range o.responses {
		if r.status == status {
			return r.schema
		}
	}
	return nil
}

func (d *document) operation(id string) *operation {
	for _, o := range d.operations {
		if o.id == id {
			return o
		}
	}
	return nil
}

// loadDocument reads an OpenAPI 3.0 document. kin-openapi judges whether it is a valid one; the schemas are read from
// the YAML itself, since their order and lines matter here.
func loadDocument(file string, data []byte, p *problems) *document {
	src := &source{file: file, problems: p}
	root := src.read(data)
	if root == nil {
		return nil
	}
	loaded, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		src.fail(nil, "%v", err)
		return nil
	}
	if err := loaded.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation(),
		openapi3.DisableSchemaPatternValidation()); err != nil {
		src.fail(nil, "%v", err)
	}
	d := &document{src: src, components: map[string]*schema{}}
	top := byKey(src.entries(root, "document"))
	if version := top["openapi"]; version == nil || !strings.HasPrefix(version.Value, "3.0.") {
		src.fail(version, "want openapi 3.0")
	}
	parts := byKey(src.entries(top["components"], "components"))
	for _, e := range src.entries(parts["schemas"], "components.schemas") {
		d.names = append(d.names, e.key)
		d.components[e.key] = src.parseSchema(e.value, e.key)
	}
	r := &bodyReader{src: src, parts: map[string]map[string]*yaml.Node{}}
	for _, kind := range []string{"requestBodies", "responses"} {
		r.parts[kind] = byKey(src.entries(parts[kind], "components."+kind))
	}
	for _, path := range src.entries(top["paths"], "paths") {
		for _, method := range src.entries(path.value, path.key) {
			if slices.Contains([]string{"get", "put", "post", "delete", "patch", "head", "options"}, method.key) {
				d.addOperation(r, method, method.key+" "+path.key)
			}
		}
	}
	for _, name := range d.names {
		d.checkRefs(d.components[name])
	}
	for _, o := range d.operations {
		d.checkRefs(o.request)
		for _, one := range o.responses {
			d.checkRefs(one.schema)
		}
	}
	return d
}

func (d *document) addOperation(r *bodyReader, e entry, what string) {
	parts := byKey(r.src.entries(e.value, what))
	o := &operation{}
	if id := parts["operationId"]; id == nil {
		r.src.fail(e.at, "%s has no operationId", what)
		return
	} else if o.id = id.Value; d.operation(o.id) != nil {
		r.src.fail(id, "operationId %s is taken", o.id)
		return
	}
	o.request = r.body("requestBodies", parts["requestBody"], o.id+" request")
	for _, answer := range r.src.entries(parts["responses"], what+" responses") {
		if s := r.body("responses", answer.value, o.id+" "+answer.key); s != nil {
			o.responses = append(o.responses, response{answer.key, s})
		}
	}
	d.operations = append(d.operations, o)
}

// checkRefs reports references to components that are not there; the overlay's schemas pass here too.
func (d *document) checkRefs(s *schema) {
	if s == nil {
		return
	}
	if s.ref != "" && d.components[s.ref] == nil {
		s.src.problems.add(s.src.file, s.line, "$ref to %s, which is no component", s.ref)
		s.ref = ""
	}
	for _, p := range s.props {
		d.checkRefs(p.schema)
	}
	d.checkRefs(s.items)
	d.checkRefs(s.additional)
	for _, c := range slices.Concat(s.allOf, s.anyOf) {
		d.checkRefs(c)
	}
}

// bodyReader finds the JSON schema of request bodies and answers.
type bodyReader struct {
	src   *source
	parts map[string]map[string]*yaml.Node
}

func (r *bodyReader) body(kind string, n *yaml.Node, what string) *schema {
	fields := byKey(r.src.entries(n, what))
	for hops := 0; fields["$ref"] != nil; hops++ {
		name, ok := strings.CutPrefix(fields["$ref"].Value, "#/components/"+kind+"/")
		target := r.parts[kind][name]
		if !ok || target == nil || hops > 10 {
			r.src.fail(fields["$ref"], "%s: $ref %q leads nowhere", what, fields["$ref"].Value)
			return nil
		}
		fields = byKey(r.src.entries(target, what))
	}
	content := r.src.entries(fields["content"], what+" content")
	for _, media := range content {
		name, _, _ := strings.Cut(media.key, ";")
		if name != "application/json" && !strings.HasSuffix(name, "+json") {
			continue
		}
		if s := byKey(r.src.entries(media.value, what))["schema"]; s != nil {
			return r.src.parseSchema(s, what)
		}
	}
	return nil
}

func byKey(entries []entry) map[string]*yaml.Node {
	out := make(map[string]*yaml.Node, len(entries))
	for _, e := range entries {
		out[e.key] = e.value
	}
	return out
}

// sortedKeys lists the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
