package docs

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// prelude stands before a snippet that is not a whole file. It declares what pages take for granted.
const prelude = `package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

var (
	_ = errors.Is
	_ = json.Marshal
	_ = fmt.Println
	_ = log.Println
	_ = slog.Info
	_ = os.Exit
	_ time.Duration
	_ didit.Config
	_ = didittest.NewServer
	_ jumio.Config
	_ = jumiotest.NewServer
	_ transmit.Config
	_ = transmittest.NewServer
	_ yoti.Config
	_ = yotitest.NewServer

	ctx                     context.Context
	err                     error
	mux                     *http.ServeMux
	w                       http.ResponseWriter
	r                       *http.Request
	provider                kyc.Provider
	first, second           kyc.Provider
	session                 *kyc.Session
	ref                     kyc.Ref
	result                  *kyc.Result
	events                  chan kyc.Event
	logger                  *slog.Logger
	id, secret, back, notify string
	pem                     []byte
	state                   string
)

func activate(context.Context, string, *kyc.Person) error       { return nil }
func refuse(context.Context, string, []kyc.Reason) error        { return nil }
func queueForReview(context.Context, *kyc.Result) error         { return nil }
func later(time.Duration)                                       {}
`

// TestSnippetsCompile compiles every ` + "```go" + ` block of every page, without linking: a whole file as it is, anything
// else behind the prelude.
func TestSnippetsCompile(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]string{}
	var packages []string
	where := map[string]string{}
	tmp := t.TempDir()
	walkErr := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" || nested(root, path) {
			return nil
		}
		page, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, block := range goBlocks(string(page)) {
			name := fmt.Sprintf("snippet%d", len(packages))
			file := filepath.Join(tmp, name+".go")
			if err := os.WriteFile(file, []byte(wrap(block)), 0o600); err != nil {
				return err
			}
			overlay[filepath.Join(root, "internal", "docs", name, "main.go")] = file
			packages = append(packages, "./internal/docs/"+name)
			rel, _ := filepath.Rel(root, path)
			where[name] = fmt.Sprintf("%s, Go block %d", rel, i+1)
		}
		return nil
	})
	if walkErr != nil {
		t.Fatal(walkErr)
	}
	if len(packages) == 0 {
		t.Fatal("no page has a Go snippet")
	}
	b, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(tmp, "overlay.json")
	if err := os.WriteFile(overlayFile, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"list", "-export", "-f", `{{""}}`, "-overlay", overlayFile}, packages...)...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		text := string(out)
		for name, place := range where {
			if strings.Contains(text, name+"/") {
				text += "\n" + name + " is " + place
			}
		}
		t.Errorf("%v\n%s", err, text)
	}
}

// nested tells whether a page belongs to a module of its own, which checks it itself.
func nested(root, path string) bool {
	for dir := filepath.Dir(path); dir != root; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

func goBlocks(page string) []string {
	var blocks []string
	var block *strings.Builder
	for line := range strings.Lines(page) {
		switch fence := strings.TrimSpace(line); {
		case block == nil && fence == "```go":
			block = &strings.Builder{}
		case block != nil && fence == "```":
			blocks = append(blocks, block.String())
			block = nil
		case block != nil:
			block.WriteString(line)
		}
	}
	return blocks
}

func wrap(block string) string {
	switch {
	case strings.HasPrefix(strings.TrimSpace(block), "package "):
		return block
	case strings.HasPrefix(block, "func ") || strings.HasPrefix(block, "type "):
		return prelude + block + "\nfunc main() {}\n"
	default:
		return prelude + "func main() {\n" + block + "}\n"
	}
}
