package transmit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// every exported struct of the package, by name.
var structs = map[string]any{
	"AddImageRequest": transmit.AddImageRequest{}, "AdditionalInfo": transmit.AdditionalInfo{}, "Address": transmit.Address{},
	"BiometricLivenessCheck": transmit.BiometricLivenessCheck{}, "BiometricMatchingCheck": transmit.BiometricMatchingCheck{}, "CaptureMargins": transmit.CaptureMargins{},
	"Checks": transmit.Checks{}, "Config": transmit.Config{}, "Consent": transmit.Consent{}, "ConsentStatus": transmit.ConsentStatus{},
	"CustomerInformation": transmit.CustomerInformation{}, "DeprecatedDocument": transmit.DeprecatedDocument{}, "DeprecatedPerson": transmit.DeprecatedPerson{},
	"DeviceCamera": transmit.DeviceCamera{}, "DeviceInfo": transmit.DeviceInfo{}, "Document": transmit.Document{},
	"DocumentAuthenticationCheck": transmit.DocumentAuthenticationCheck{}, "DocumentLivenessCheck": transmit.DocumentLivenessCheck{},
	"DocumentValidationCheck": transmit.DocumentValidationCheck{}, "Download": transmit.Download{}, "Employment": transmit.Employment{},
	"EventStreamRequest": transmit.EventStreamRequest{}, "EventsQuery": transmit.EventsQuery{}, "ExtractedDetails": transmit.ExtractedDetails{},
	"ExtractedInfo": transmit.ExtractedInfo{}, "FaceAuthRequest": transmit.FaceAuthRequest{}, "FaceAuthResult": transmit.FaceAuthResult{},
	"FaceAuthSession": transmit.FaceAuthSession{}, "FaceReference": transmit.FaceReference{}, "FlaggedIdentityCheck": transmit.FlaggedIdentityCheck{},
	"Flow": transmit.Flow{}, "Image": transmit.Image{}, "ImageReceipt": transmit.ImageReceipt{}, "ImageUpload": transmit.ImageUpload{},
	"MockBehavior": transmit.MockBehavior{}, "NationalStatus": transmit.NationalStatus{}, "Outcome": transmit.Outcome{}, "Person": transmit.Person{},
	"RawImage": transmit.RawImage{}, "RejectedError": transmit.RejectedError{}, "Result": transmit.Result{}, "RiskDetails": transmit.RiskDetails{},
	"RiskDetailsDevice": transmit.RiskDetailsDevice{}, "RiskDetailsGeneral": transmit.RiskDetailsGeneral{}, "RiskDetailsNetwork": transmit.RiskDetailsNetwork{},
	"RiskRecommendationCheck": transmit.RiskRecommendationCheck{}, "Session": transmit.Session{}, "SessionImage": transmit.SessionImage{},
	"SessionImages": transmit.SessionImages{}, "SessionRequest": transmit.SessionRequest{}, "SessionStart": transmit.SessionStart{}, "States": transmit.States{},
	"StreamEvent": transmit.StreamEvent{}, "StreamEventParams": transmit.StreamEventParams{}, "Upload": transmit.Upload{}, "VerificationImage": transmit.VerificationImage{},
	"VerifiedInfo": transmit.VerifiedInfo{}, "Want": transmit.Want{},
}

// harmless are structs without anything of a person's: services, and a row of a public table. The client is looked at below.
var harmless = map[string]bool{
	"Client": true, "SessionsService": true, "ImagesService": true, "FaceAuthService": true, "EventsService": true, "ReasonRow": true,
}

const canary = "CANARY-Jane-Doe"

// fill puts a canary into every text and a telling number into every number below v.
func fill(v reflect.Value, depth int) {
	if depth > 8 || !v.CanSet() {
		return
	}
	switch v.Type() {
	case reflect.TypeFor[json.RawMessage]():
		v.Set(reflect.ValueOf(json.RawMessage(`"` + canary + `"`)))
		return
	case reflect.TypeFor[kyc.Ref]():
		return // it holds ids, and prints them on purpose
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(canary)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(987654321)
	case reflect.Float64:
		v.SetFloat(987654321)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(canary).Convert(v.Type().Key()), value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	}
}

// timeless keeps the time out of a log record, whose digits any number may be found in.
var timeless = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}}

// printed is v under every verb, and through slog.
func printed(v any) string {
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	fmt.Fprintln(&b, v)
	fmt.Fprintf(&b, "%v %+v\n", []any{v}, map[string]any{"k": v})
	slog.New(slog.NewTextHandler(&b, timeless)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&b, timeless)).Info("x", "v", v)
	return b.String()
}

func TestNothingPersonalIsPrinted(t *testing.T) {
	for name, zero := range structs {
		v := reflect.New(reflect.TypeOf(zero))
		fill(v.Elem(), 0)
		for _, one := range []any{v.Interface(), v.Elem().Interface()} {
			text := printed(one)
			for _, bad := range []string{canary, "Jane", "987654321", fmt.Sprintf("%x", canary), "9.87"} {
				if strings.Contains(text, bad) && !(name == "RejectedError" && bad == "987654321") {
					t.Errorf("%s prints %s:\n%s", name, bad, text)
				}
			}
		}
	}
}

// A new struct must be put into the list above.
func TestEveryStructIsLookedAt(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				named, ok := spec.(*ast.TypeSpec)
				if !ok || !named.Name.IsExported() {
					continue
				}
				if _, isStruct := named.Type.(*ast.StructType); !isStruct {
					continue
				}
				seen++
				if _, ok := structs[named.Name.Name]; !ok && !harmless[named.Name.Name] {
					t.Errorf("%s is not looked at", named.Name.Name)
				}
			}
		}
	}
	if seen != len(structs)+len(harmless) {
		t.Errorf("%d structs in the package, %d in the lists", seen, len(structs)+len(harmless))
	}
}

func TestFixturesPrintNothing(t *testing.T) {
	personal := []string{"Marie", "Curie", "123ABC", "1867-", "Indiana", "Snowy", "56789", "Physicist", "192.0.2", "fp-1", "Pixel", "st_5b0f", "is damaged", "Mozilla", "8Xrdn", "example"}
	err := filepath.WalkDir(fixtureDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		raw := fixture(t, filepath.Base(path))
		outs := []any{new(transmit.Result), new(transmit.Session), new(transmit.StreamEvent), new(transmit.SessionImages), new(transmit.ImageReceipt), new(transmit.FaceAuthSession)}
		if result, err := transmit.ParseResult(raw); err == nil {
			outs = append(outs, result, *result)
		}
		for _, out := range outs {
			if _, isResult := out.(*kyc.Result); !isResult {
				if _, isResult := out.(kyc.Result); !isResult {
					if err := kyc.Unmarshal(raw, out); err != nil {
						return err
					}
				}
			}
			text := printed(out)
			for _, bad := range personal {
				if strings.Contains(text, bad) {
					t.Errorf("%s as %T prints %q", filepath.Base(path), out, bad)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClientPrintsNothing(t *testing.T) {
	client, fake := start(t)
	session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{State: "state-1"})
	if err != nil {
		t.Fatal(err)
	}
	_, failed := client.Sessions.Result(t.Context(), "nobody-knows-jane")
	for _, v := range []any{client, client.Sessions, client.Images, client.FaceAuth, client.Events, session, fake.Config(), client.HostedURL(session), failed} {
		text := printed(v)
		for _, bad := range []string{transmittest.ClientSecret, session.StartToken.Reveal(), "jane", "detailed="} {
			if strings.Contains(text, bad) {
				t.Errorf("%T prints %q:\n%s", v, bad, text)
			}
		}
	}
}
