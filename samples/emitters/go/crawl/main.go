// Crawls a small web site with contexts and goroutines, and records it:  go run ./crawl crawl.jsonl
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"emitters/cancelscope"
)

const patience = 250 * time.Millisecond // for a page

var pages = map[string]string{
	"/":          "/news /gallery /archive",
	"/news":      "nothing new",
	"/gallery":   "/image/sea /image/gone /image/huge",
	"/image/sea": "blue",
}

// These never answer.
var silent = map[string]bool{"/archive": true, "/image/huge": true, "/mirror": true}

func visit(answer http.ResponseWriter, request *http.Request) {
	if silent[request.URL.Path] {
		<-request.Context().Done()
		return
	}
	body, known := pages[request.URL.Path]
	if !known {
		answer.WriteHeader(http.StatusNotFound)
	}
	io.WriteString(answer, body)
}

type crawler struct {
	trace *cancelscope.Trace
	site  string
}

func (c crawler) get(ctx context.Context, path string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.site+path, nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", path, answer.Status)
	}
	return string(body), err
}

func (c crawler) fetch(path string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := c.get(ctx, path)
		return err
	}
}

func (c crawler) readPage(ctx context.Context, path string) {
	ctx, page := c.trace.WithTimeout(ctx, patience, "page "+path)
	defer page.Close()
	if err := page.Go(ctx, path, c.fetch(path)).Wait(ctx); err != nil {
		fmt.Println("too slow:", path)
	}
}

// All images or none: the first that fails ends the others.
func (c crawler) readGallery(ctx context.Context, path string) error {
	links, err := c.get(ctx, path)
	if err != nil {
		return err
	}
	ctx, gallery := c.trace.WithCancel(ctx, "gallery")
	defer gallery.Close()
	gallery.FailFast()
	var images []*cancelscope.Task
	for _, link := range strings.Fields(links) {
		images = append(images, gallery.Go(ctx, link, c.fetch(link)))
	}
	for _, image := range images {
		image.Wait(ctx)
	}
	return nil
}

func (c crawler) crawl(ctx context.Context) error {
	ctx, pages := c.trace.WithCancel(ctx, "pages")
	defer pages.Close()
	mirrorCtx, mirror := c.trace.WithCancel(ctx, "mirror")
	defer mirror.Close()
	mirrored := mirror.Go(mirrorCtx, "/mirror", c.fetch("/mirror"))

	links, err := c.get(ctx, "/")
	if err != nil {
		return err
	}
	var readers []*cancelscope.Task
	for _, link := range strings.Fields(links) {
		path := link
		readers = append(readers, pages.Go(ctx, "read "+path, func(ctx context.Context) error {
			if path == "/gallery" {
				return c.readGallery(ctx, path)
			}
			c.readPage(ctx, path)
			return nil
		}))
	}
	for _, reader := range readers {
		reader.Wait(ctx)
	}
	mirror.Cancel(ctx, "the pages are read")
	mirrored.Wait(ctx)
	return nil
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: crawl TRACE")
	}
	server := httptest.NewServer(http.HandlerFunc(visit))
	defer server.Close()
	trace, err := cancelscope.Open(os.Args[1], "crawl")
	if err != nil {
		log.Fatal(err)
	}
	ctx, root := trace.WithCancel(context.Background(), "crawl")
	err = root.Go(ctx, "crawler", crawler{trace, server.URL}.crawl).Wait(ctx)
	root.Close()
	if closed := trace.Close(); err != nil || closed != nil {
		log.Fatal(err, closed)
	}
}
