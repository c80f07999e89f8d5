package main

import (
	"bytes"
	"encoding/json"
	"strings"
)

// canonicalByMap is the usual way to a canonical form: into a map and out again, numbers kept but for a fraction of zero.
func canonicalByMap(data []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	must(d.Decode(&v))
	v = wholeNumbers(v)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	must(e.Encode(v))
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func wholeNumbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = wholeNumbers(e)
		}
	case []any:
		for i, e := range v {
			v[i] = wholeNumbers(e)
		}
	case json.Number:
		if whole, fraction, ok := strings.Cut(v.String(), "."); ok && strings.Trim(fraction, "0") == "" {
			return json.Number(whole)
		}
	}
	return v
}
