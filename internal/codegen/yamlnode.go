package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// source is a YAML file whose faults are reported with file and line.
type source struct {
	file     string
	problems *problems
}

func (s *source) fail(n *yaml.Node, format string, args ...any) {
	line := 0
	if n != nil {
		line = n.Line
	}
	s.problems.add(s.file, line, format, args...)
}

// read parses one YAML document; nil stands for a document that was reported as broken.
func (s *source) read(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		s.fail(nil, "%v", err)
		return nil
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		s.fail(nil, "more than one YAML document")
		return nil
	}
	return deref(doc.Content[0])
}

// deref follows YAML aliases.
func deref(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// entry is one key of a YAML mapping.
type entry struct {
	key   string
	at    *yaml.Node
	value *yaml.Node
}

// entries lists a mapping in file order. Anything else, a key given twice and a merge key are reported.
func (s *source) entries(n *yaml.Node, what string) []entry {
	n = deref(n)
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		s.fail(n, "%s: want a mapping", what)
		return nil
	}
	seen := map[string]int{}
	var out []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := deref(n.Content[i])
		if k.Kind != yaml.ScalarNode || k.Tag == "!!merge" {
			s.fail(k, "%s: want plain keys", what)
			continue
		}
		if line, ok := seen[k.Value]; ok {
			s.fail(k, "%s: key %q stands already in line %d", what, k.Value, line)
			continue
		}
		seen[k.Value] = k.Line
		out = append(out, entry{k.Value, k, deref(n.Content[i+1])})
	}
	return out
}

// items lists a sequence.
func (s *source) items(n *yaml.Node, what string) []*yaml.Node {
	n = deref(n)
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		s.fail(n, "%s: want a list", what)
		return nil
	}
	out := make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		out[i] = deref(c)
	}
	return out
}

// text reads a string; what YAML takes for a number or a truth value must be quoted.
func (s *source) text(n *yaml.Node, what string) string {
	n = deref(n)
	if n == nil || n.Kind != yaml.ScalarNode {
		s.fail(n, "%s: want a text", what)
		return ""
	}
	if n.Tag != "!!str" && n.Tag != "!!timestamp" {
		s.fail(n, "%s: %s is not a text for YAML, quote it", what, n.Value)
	}
	return n.Value
}

func (s *source) texts(n *yaml.Node, what string) []string {
	var out []string
	for _, c := range s.items(n, what) {
		out = append(out, s.text(c, what))
	}
	return out
}

func (s *source) boolean(n *yaml.Node, what string) bool {
	n = deref(n)
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		s.fail(n, "%s: want true or false", what)
		return false
	}
	return n.Value == "true"
}

// jsonValue turns a YAML value into what encoding/json writes.
func (s *source) jsonValue(n *yaml.Node) any {
	n = deref(n)
	switch n.Kind {
	case yaml.SequenceNode:
		out := []any{}
		for _, c := range n.Content {
			out = append(out, s.jsonValue(c))
		}
		return out
	case yaml.ScalarNode:
		switch n.Tag {
		case "!!int", "!!float":
			if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
				return f
			}
			s.fail(n, "%s is no number", n.Value)
		case "!!bool":
			return n.Value == "true"
		case "!!null":
			return nil
		}
		return n.Value
	}
	s.fail(n, "value is neither scalar nor list: %s", fmt.Sprint(n.Tag))
	return nil
}
