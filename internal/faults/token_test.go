package faults

import (
	"encoding/base64"
	"strconv"
	"time"
)

// tokenFaults happen at the token endpoint, or to a token on its way.
func tokenFaults() []*fault {
	needs := usesToken
	at := func(name string, kind string, onToken func(x *exchange) bool) *fault {
		return &fault{name: "token endpoint: " + name, cold: true, applies: needs, onToken: onToken, want: func(*operation) want { return want{kind: kind} }}
	}
	say := func(code int, text string) func(x *exchange) bool {
		return func(x *exchange) bool {
			x.readBody()
			return x.send(code, "application/json", []byte(text))
		}
	}
	return []*fault{
		at("status 503", unavailable, say(503, complaint)),
		at("status 500", unavailable, say(500, complaint)),
		at("status 429 for an hour", limited, func(x *exchange) bool {
			x.readBody()
			return x.send(429, "application/json", []byte(complaint), "Retry-After", "3600")
		}),
		at("reset", unavailable, func(x *exchange) bool {
			x.readBody()
			return x.reset()
		}),
		at("hang", unavailable, hang),
		at("status 404", unavailable, say(404, complaint)),
		at("status 400", unavailable, say(400, complaint)),
		at("wrong credentials", unauthorized, say(401, `{"error":"invalid_client","error_description":"`+personName+`"}`)),
		at("wrong credentials, status 400", unauthorized, say(400, `{"error":"invalid_client","error_description":"`+personName+`"}`)),
		at("HTML", malformed, say(200, "<html>"+personName+"</html>")),
		at("no token", malformed, say(200, `{"token_type":"Bearer","expires_in":3600}`)),
		at("a token of another type", malformed, say(200, `{"access_token":"`+tokenText+`","token_type":"mac"}`)),
		at("a token that breaks the header", malformed, say(200, `{"access_token":"`+tokenText+`\r\nX-Admin: 1","token_type":"Bearer"}`)),
		{name: "token endpoint: one 503, then good", cold: true, applies: needs, onToken: func(x *exchange) bool {
			x.readBody()
			if x.n == 1 {
				return x.send(503, "application/json", []byte(complaint))
			}
			return x.send(200, "application/json", []byte(newToken()))
		}, want: once(fine)},
		{name: "token expired in flight", applies: needs, answer: func(x *exchange) bool {
			x.readBody()
			if x.n == 1 {
				return x.send(401, "application/json", []byte(complaint))
			}
			return x.good()
		}, want: func(*operation) want { return want{kind: fine, seen: 2} }},
		{name: "token expired in flight, no other to be had", applies: needs, onToken: say(503, complaint), answer: func(x *exchange) bool {
			x.readBody()
			return x.send(401, "application/json", []byte(complaint))
		}, want: func(*operation) want { return want{kind: unavailable, seen: 1} }},
		{name: "clock skew: the token's own end has passed", cold: true, applies: needs, onToken: jwt(-time.Hour), want: once(fine)},
		{name: "clock skew: the token's own end is years ahead", cold: true, applies: needs, onToken: jwt(26 * 365 * 24 * time.Hour), want: once(fine)},
		{name: "clock skew: the token lives a second", cold: true, applies: needs, onToken: func(x *exchange) bool {
			x.readBody()
			return x.send(200, "application/json", []byte(`{"access_token":"`+tokenText+`","token_type":"Bearer","expires_in":1}`))
		}, want: once(fine)},
	}
}

// jwt answers with a token whose own end differs from what stands beside it.
func jwt(end time.Duration) func(x *exchange) bool {
	return func(x *exchange) bool {
		x.readBody()
		encode := base64.RawURLEncoding.EncodeToString
		token := encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(`{"exp":`+strconv.FormatInt(time.Now().Add(end).Unix(), 10)+`}`)) + ".x"
		return x.send(200, "application/json", []byte(`{"access_token":"`+token+`","token_type":"Bearer","expires_in":3600}`))
	}
}
