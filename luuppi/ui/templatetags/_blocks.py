"""Parts that hold other markup: `{% row … %}{% put lead %}…{% endput %}…{% endrow %}` fills templates/ui/parts/row.html.

In the template of a part the arguments stand under their names, each put under its own, everything else as `body`.
"""

from django import template
from django.template.base import Node, NodeList, TemplateSyntaxError, token_kwargs
from django.utils.safestring import SafeString

# name → (template, names of positional arguments)
BLOCKS = {
    "row": ("ui/parts/row.html", ()),
    "empty": ("ui/parts/empty.html", ("title",)),
    "banner": ("ui/parts/banner.html", ("kind",)),
    "tabs": ("ui/parts/tabs.html", ("label",)),
    "chips": ("ui/parts/chips.html", ("label",)),
    "menu": ("ui/parts/menu.html", ("label",)),
    "dialog": ("ui/parts/dialog.html", ("id", "title")),
    "card": ("ui/parts/card.html", ("title",)),
    "title": ("ui/parts/title.html", ("words",)),
    "words": ("ui/parts/words.html", ("css",)),
    "filters": ("ui/parts/filters.html", ()),
}


def register_blocks(register: template.Library) -> None:
    register.tag("put", _put)
    for name, (path, positional) in BLOCKS.items():
        register.tag(name, _compiler(name, path, positional))


class PutNode(Node):
    def __init__(self, name: str, nodelist: NodeList):
        self.name, self.nodelist = name, nodelist

    def render(self, context) -> str:
        """Outside a block a put is simply what it holds."""
        return self.nodelist.render(context)


class BlockNode(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, path: str, arguments: dict, nodelist: NodeList):
        self.path, self.arguments, self.nodelist = path, arguments, nodelist
        self.puts = [node for node in nodelist if isinstance(node, PutNode)]
        self.rest = NodeList([node for node in nodelist if not isinstance(node, PutNode)])

    def render(self, context) -> str:
        filled = {name: value.resolve(context) for name, value in self.arguments.items()}
        filled |= {put.name: SafeString(put.nodelist.render(context).strip()) for put in self.puts}
        filled["body"] = SafeString(self.rest.render(context).strip())
        filled |= {name: context.get(name) for name in ("csrf_token", "face")}
        part = context.render_context.get(self)
        if part is None:
            part = context.render_context[self] = context.template.engine.get_template(self.path)
        return part.render(context.new(filled))


def _put(parser, token) -> PutNode:
    bits = token.split_contents()
    if len(bits) != 2:
        raise TemplateSyntaxError("{% put NAME %} takes one name")
    nodelist = parser.parse(("endput",))
    parser.delete_first_token()
    return PutNode(bits[1], nodelist)


def _compiler(name: str, path: str, positional: tuple[str, ...]):
    def compile_block(parser, token) -> BlockNode:
        bits = token.split_contents()[1:]
        arguments = {}
        for known in positional:
            if bits and not token_kwargs([bits[0]], parser):
                arguments[known] = parser.compile_filter(bits.pop(0))
        arguments |= token_kwargs(bits, parser)
        if bits:
            raise TemplateSyntaxError(f"{{% {name} %}} does not know what to do with {bits[0]!r}")
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return BlockNode(path, arguments, nodelist)

    return compile_block
