package leaks

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"text/template"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// forms are the ways in which printers write the sentinel.
var forms = []string{
	"zaphod", "beeblebrox",
	hex.EncodeToString([]byte("Zaphod")), strings.ReplaceAll(fmt.Sprintf("% x", "Zaphod"), " ", " "), fmt.Sprintf("%#x", "Zaphod"),
	strings.ToLower(base64.StdEncoding.EncodeToString([]byte("Zaphod"))[:8]),
	strings.Trim(fmt.Sprint([]byte("Zaphod")), "[]"), fmt.Sprintf("%#x", []byte("Zaphod"))[2:], "u+005a u+0061",
}

// leaks returns the first form that a text holds.
func leaks(text string) (string, bool) {
	text = strings.ToLower(text)
	for _, f := range forms {
		if strings.Contains(text, f) {
			return f, true
		}
	}
	return "", false
}

// verbs are all of package fmt but %p, which it prints itself, whatever methods a type has; go vet refuses it for anything
// but a pointer.
const verbs = "vsqxdXboOcUtTeEfFgG"

var flags = []string{"", "+", "#", "+#", " ", "-80.40", "+080"}

// prints writes a value in every way.
func prints(v any) map[string]string {
	out := map[string]string{}
	for i, verb := range verbs {
		for _, flag := range flags {
			// What fits no verb is printed in one way, so the odd ones need no flags.
			if i < 5 || flag == "" {
				format := "%" + flag + string(verb)
				out[format] = fmt.Sprintf(format, v)
			}
		}
	}
	out["Sprint"], out["Sprintln"] = fmt.Sprint(v), fmt.Sprintln(v)
	for _, wrong := range []string{"", "%!", "%z", "%[2]v", "%*d", "%"} {
		out["wrong "+wrong] = fmt.Sprintf(wrong, v)
	}
	out["Errorf"] = fmt.Errorf("failed for %v", v).Error()
	var b bytes.Buffer
	log.New(&b, "", 0).Println(v)
	out["log"] = b.String()
	b.Reset()
	if template.Must(template.New("").Parse("{{.}} {{printf \"%v\" .}} {{print .}}")).Execute(&b, v) == nil {
		out["text/template"] = b.String()
	}
	for name, l := range loggers(&b) {
		b.Reset()
		l.Info("x", "v", v, slog.Any("any", v), slog.Group("g", "v", v))
		l.With("w", v).WithGroup("h").Info("x", "v", v)
		out["slog "+name] = b.String()
	}
	return out
}

// timeless keeps the time out of a log record, whose digits any number may be found in.
var timeless = &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

func loggers(b *bytes.Buffer) map[string]*slog.Logger {
	return map[string]*slog.Logger{"text": slog.New(slog.NewTextHandler(b, timeless)), "JSON": slog.New(slog.NewJSONHandler(b, timeless))}
}

// holders put a value where programs have it. Of what stands in a slice, a map or another struct slog's JSON handler makes
// JSON, which is complete by design, so those are left out there.
func holders(v reflect.Value) map[string]any {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	t := v.Type()
	slice := reflect.MakeSlice(reflect.SliceOf(t), 0, 1)
	slice = reflect.Append(slice, v)
	pointers := reflect.MakeSlice(reflect.SliceOf(p.Type()), 0, 1)
	pointers = reflect.Append(pointers, p)
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), t))
	m.SetMapIndex(reflect.ValueOf("k"), v)
	return map[string]any{
		"value": v.Interface(), "pointer": p.Interface(), "slice": slice.Interface(), "slice of pointers": pointers.Interface(), "map": m.Interface(),
		"struct": struct{ V any }{v.Interface()}, "struct of pointer": struct{ V any }{p.Interface()}, "any": []any{v.Interface(), p.Interface()},
		"reflect.Value": v, "nil": reflect.Zero(p.Type()).Interface(),
	}
}

// locked tells whether values of a type may not be copied.
func locked(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if f := t.Field(i).Type; f == reflect.TypeFor[sync.Mutex]() || f == reflect.TypeFor[sync.RWMutex]() {
			return true
		}
	}
	return false
}

// No type prints what it holds.
func TestNothingPrints(t *testing.T) {
	for _, typ := range types {
		if word(typ) || exempt[typ.String()] != "" {
			continue
		}
		t.Run(typ.String(), func(t *testing.T) {
			t.Parallel()
			v := fill(typ)
			for holder, value := range holders(v) {
				if locked(typ) && !strings.Contains(holder, "pointer") {
					continue // go vet refuses a copy
				}
				for how, text := range prints(value) {
					if locked(typ) && how == "text/template" {
						continue // it makes the copy itself
					}
					if how == "slog JSON" && holder != "value" && holder != "pointer" && holder != "nil" {
						continue
					}
					if form, bad := leaks(text); bad {
						t.Errorf("%s by %s prints %q: %.200s", holder, how, form, text)
						return
					}
					// A nil pointer to a type whose methods are on its value is caught by slog itself.
					if holder != "nil" && (strings.Contains(text, "PANIC") || strings.Contains(text, "panicked")) {
						t.Errorf("%s by %s panics: %.200s", holder, how, text)
						return
					}
				}
			}
		})
	}
}

// An error prints the same little however it is wrapped, and in JSON.
func TestErrorsStayShort(t *testing.T) {
	count := 0
	for _, typ := range types {
		p := fill(typ).Addr().Interface()
		err, ok := p.(error)
		if !ok {
			continue
		}
		count++
		var text []byte
		if _, ok := err.(json.Marshaler); ok {
			// Others are JSON by their fields, on purpose; slog takes their text.
			var jsonErr error
			if text, jsonErr = json.Marshal(err); jsonErr != nil {
				t.Errorf("%s: %v", typ, jsonErr)
			}
		}
		for i, e := range []error{err, fmt.Errorf("a: %w", fmt.Errorf("b: %w", err)), errors.Join(err, err), wrapped{err}} {
			for how, printed := range prints(e) {
				if i > 0 && !fits(how) {
					// Of an error that does not format itself fmt shows the insides where the verb is none for a text.
					continue
				}
				if form, bad := leaks(printed + string(text)); bad {
					t.Errorf("%s by %s prints %q: %s", typ, how, form, printed)
				}
			}
		}
	}
	if count == 0 {
		t.Error("no error types were found")
	}
}

type wrapped struct{ error }

// fits tells whether a way of printing asks an error for its text.
func fits(how string) bool {
	return !strings.HasPrefix(how, "wrong") && (how[0] != '%' || strings.ContainsAny(how[len(how)-1:], "vsxXq"))
}

// A panic prints its value by rules of its own.
func TestPanics(t *testing.T) {
	if os.Getenv("KYC_LEAKS_PANIC") != "" {
		var values []any
		for _, typ := range types {
			if !word(typ) && exempt[typ.String()] == "" {
				v := fill(typ)
				values = append(values, v.Interface(), v.Addr().Interface())
			}
		}
		panicAll(values)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestPanics$")
	cmd.Env = append(os.Environ(), "KYC_LEAKS_PANIC=1")
	out, err := cmd.CombinedOutput()
	text := string(out)
	if err == nil || strings.Count(text, "panic: ") < len(types) {
		t.Fatalf("%d panics, %v", strings.Count(text, "panic: "), err)
	}
	// The values come first; the stack shows addresses only.
	text, _, _ = strings.Cut(text, "goroutine ")
	for line := range strings.Lines(text) {
		if form, bad := leaks(line); bad {
			t.Errorf("prints %q: %s", form, line)
		}
	}
}

// panicAll panics with each value while it handles the panic before, so that one program prints them all.
func panicAll(values []any) {
	if len(values) > 1 {
		defer panicAll(values[1:])
	}
	panic(values[0])
}

// What may be printed is printed, so that the sentinel is looked for in the right places.
func TestRefsPrint(t *testing.T) {
	r := kyc.Result{Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "s"}, Decision: kyc.Review}
	if text := fmt.Sprint(r); !strings.Contains(text, "jumio:a/s") || !strings.Contains(text, "review") {
		t.Error(text)
	}
}
