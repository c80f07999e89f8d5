package fake

import (
	"bytes"
	"encoding/json"
)

// cutJSON removes the last bracket; what is no JSON object or list becomes half an object.
func cutJSON(body []byte) []byte {
	trimmed := bytes.TrimRight(body, " \t\r\n")
	if n := len(trimmed); n > 1 && (trimmed[n-1] == '}' || trimmed[n-1] == ']') && json.Valid(trimmed) {
		return bytes.Clone(trimmed[:n-1])
	}
	return []byte(`{"id":`)
}

// repeatMember repeats the first member of the top-level object at its end. What has none becomes an object with a
// member twice, so that the fault never passes unnoticed.
func repeatMember(body []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	open, err := dec.Token()
	if err != nil || open != json.Delim('{') || !json.Valid(body) {
		return []byte(`{"id":null,"id":null}`)
	}
	start := dec.InputOffset()
	var value json.RawMessage
	if _, err := dec.Token(); err != nil {
		return []byte(`{"id":null,"id":null}`)
	}
	if err := dec.Decode(&value); err != nil {
		return []byte(`{"id":null,"id":null}`)
	}
	member := bytes.TrimSpace(body[start:dec.InputOffset()])
	end := bytes.LastIndexByte(body, '}')
	out := append(bytes.Clone(body[:end]), ',')
	out = append(out, member...)
	return append(out, body[end:]...)
}

// spoilUTF8 puts a byte that is not UTF-8 into the first string value.
func spoilUTF8(body []byte) []byte {
	if !json.Valid(body) {
		return []byte("{\"id\":\"\xff\"}")
	}
	for i := 0; i < len(body); i++ {
		if body[i] != '"' {
			continue
		}
		end := i + 1
		for body[end] != '"' {
			if body[end] == '\\' {
				end++
			}
			end++
		}
		next := bytes.TrimLeft(body[end+1:], " \t\r\n")
		if len(next) == 0 || next[0] != ':' {
			out := append(bytes.Clone(body[:i+1]), 0xff)
			return append(out, body[i+1:]...)
		}
		i = end
	}
	// a document without a string value: spoil it all the same
	return []byte("{\"id\":\"\xff\"}")
}
