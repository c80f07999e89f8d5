package browsertest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// limit bounds each test with its browser work; the machine may be slow.
const limit = 90 * time.Second

var (
	home    string          // the address of a console whose fakes make no pauses
	program string          // the console
	browser context.Context // the one browser, whose tabs the tests are
)

func TestMain(m *testing.M) {
	status, err := setUp(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		status = 1
	}
	os.Exit(status)
}

func setUp(m *testing.M) (status int, err error) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		return 1, fmt.Errorf("Chromium is needed, see .ci/install-chromium: %w", err)
	}
	dir, err := os.MkdirTemp("", "console-browsertest-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "console")
	if out, err := exec.Command("go", "build", "-C", "..", "-o", program, ".").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build the console: %w\n%s", err, out)
	}
	var stop func() error
	if home, stop, err = startConsole("-quick"); err != nil {
		return 1, err
	}
	defer func() {
		if stopErr := stop(); stopErr != nil && err == nil {
			status, err = 1, stopErr
		}
	}()
	allocator, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(chromium), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.UserDataDir(filepath.Join(dir, "profile")))
	defer cancel()
	var closeBrowser context.CancelFunc
	browser, closeBrowser = chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(browser); err != nil {
		return 1, fmt.Errorf("start Chromium: %w", err)
	}
	return m.Run(), nil
}

// startConsole runs the program on a free port and reads its address. stop asks it to end and tells whether it did so properly.
func startConsole(flags ...string) (address string, stop func() error, err error) {
	cmd := exec.Command(program, append(flags, "-addr", "127.0.0.1:0")...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill()
		return "", nil, fmt.Errorf("read the console's address: %w", err)
	}
	address = strings.TrimSpace(strings.TrimPrefix(line, "console on "))
	return address, func() error {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("the console did not end well: %w", err)
		}
		return nil
	}, nil
}

// tab opens a tab of that width. Whatever the page reports as an error, a violated policy included, fails the test.
func tab(t *testing.T, width int64, dark bool) context.Context {
	t.Helper()
	var mu sync.Mutex
	var reports []string
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, r := range reports {
			t.Errorf("the browser reports: %s", r)
		}
	})
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, limit)
	t.Cleanup(cancelTime)
	report := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		reports = append(reports, fmt.Sprintf(format, args...))
	}
	if err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			report("script: %s", e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			report("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	do(t, ctx, chromedp.EmulateViewport(width, 800))
	call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	return ctx
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func call[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		t.Fatal(err)
	}
}

// value evaluates an expression in the page.
func value[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// settle waits until the page is loaded with its style sheet.
func settle(t *testing.T, ctx context.Context) {
	t.Helper()
	const loaded = `new Promise((done) => document.readyState === "complete" ? done(true) : addEventListener("load", () => done(true)))`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](loaded, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
}

// shot writes a picture of the whole page.
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), strings.ReplaceAll(t.Name(), "/", "-")+"-"+name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}
